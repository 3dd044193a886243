//! Every answer is as `openapi.json` says, and bad questions are refused as it says.

use crate::schema::{check, document};
use crate::stage::{ETHER, Stage, list};
use alloy::primitives::{Address, U256, hex};
use alloy::sol_types::SolError;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::ISlasher::SlashNotExecutable;
use restake::advice::advice;
use restake::people::People;
use restake::refusal::Refusal;
use restake::verbs::{operator, receipt, staker, token};

/// Lets as much happen as there are lists to fill.
async fn busy(stage: &Stage) -> Result<()> {
    let (cast, suite) = (&stage.cast, &stage.suite);
    stage.join(&cast.honest, ONE / 2).await?;
    stage.join(&cast.dishonest, ONE / 2).await?;
    for with in [cast.honest.address, cast.dishonest.address, Address::ZERO] {
        stage.stake(&cast.alice, 10 * ETHER, with).await?;
    }
    stage.act(&cast.alice, &staker::queue(suite, cast.honest.address, 3 * ETHER)).await?;
    let service = suite.service.service_manager;
    stage.act(&cast.honest, &operator::raise(suite, service, ONE / 4 * 3)).await?;
    // Somebody without a contract is a service, too.
    stage.act(&cast.dishonest, &operator::opt_in(suite, cast.bob.address, ONE / 10, false)).await?;
    stage.act(&cast.bob, &token::mint(suite, U256::from(5 * ETHER))).await?;
    stage.act(&cast.bob, &token::approve(suite.token, suite.restaking_vault, U256::MAX)).await?;
    stage.act(&cast.bob, &receipt::deposit(suite, 5 * ETHER, cast.bob.address, 0)).await?;
    stage.freeze(&cast.dishonest).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_answers_as_its_document_says() -> Result<()> {
    let (stage, document) = (Stage::new("document").await?, document()?);
    let server = stage.serve().await?;
    let mut asked = 0;
    // On a suite where nothing happened, and on one where much did.
    for is_busy in [false, true] {
        if is_busy {
            busy(&stage).await?;
        }
        let (cast, service) = (&stage.cast, stage.suite.service.service_manager);
        for (path, methods) in document["paths"].as_object().ok_or_eyre("no paths")? {
            let about: Vec<String> = match path.as_str() {
                "/api/operators/{address}" => vec![cast.honest.address.to_string(), cast.dishonest.address.to_string()],
                "/api/services/{address}" => vec![service.to_string(), cast.bob.address.to_string()],
                "/api/stakers/{address}" => vec![cast.alice.address.to_string(), cast.bob.address.to_string()],
                "/api/explain" => vec!["?data=0x".to_owned(), "?data=0x00000000".to_owned()],
                _ => vec![String::new()],
            };
            for about in about {
                let url = match path.split_once("{address}") {
                    Some((before, _)) => format!("{before}{about}"),
                    None => format!("{path}{about}"),
                };
                let (status, answer) = server.ask(&url).await?;
                let response = &methods["get"]["responses"][status.as_str()];
                ensure!(!response.is_null(), "{url} answers {status}, which is not documented: {answer}");
                ensure!(status == 200 || !is_busy, "{url}: {status} {answer}");
                check(&document, &response["content"]["application/json"]["schema"], &answer, &url)?;
                asked += 1;
            }
        }
    }
    ensure!(asked > 30, "only {asked} questions were asked");
    let alice = server.get(&format!("/api/stakers/{}", stage.cast.alice.address)).await?;
    assert_eq!((list(&alice, "positions")?.len(), list(&alice, "withdrawals")?.len()), (3, 1));
    let operators = server.get("/api/operators").await?;
    assert_eq!(list(&operators, "operators")?.len(), 2);
    assert_eq!(list(&server.get("/api/services").await?, "services")?.len(), 2);
    assert_eq!(list(&server.get("/api/requests").await?, "slashRequests")?.len(), 1);
    // What is announced, or used up by a request, backs nobody.
    assert_eq!(list(&server.get("/api/risk").await?, "edges")?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_lists_add_up_to_the_whole() -> Result<()> {
    let stage = Stage::new("paging").await?;
    busy(&stage).await?;
    let server = stage.serve().await?;
    for (path, name) in [("/api/events", "events"), ("/api/operators", "operators"), ("/api/services", "services")] {
        let whole = list(&server.get(&format!("{path}?limit=500")).await?, name)?.clone();
        let (mut parts, mut after) = (Vec::new(), String::new());
        loop {
            let answer = server.get(&format!("{path}?limit=1{after}")).await?;
            let part = list(&answer, name)?;
            ensure!(part.len() <= 1, "{path} gives more than asked for");
            parts.extend(part.clone());
            ensure!(parts.len() <= whole.len(), "{path} does not end");
            match answer["after"].as_str() {
                Some(place) => after = format!("&after={place}"),
                None => break,
            }
        }
        ensure!(whole.len() > 1 || name == "services", "{path} is empty");
        assert_eq!(parts, whole, "{path}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_question_is_refused_with_a_reason() -> Result<()> {
    let (stage, document) = (Stage::new("malformed").await?, document()?);
    let server = stage.serve().await?;
    let nobody = Address::repeat_byte(0x77);
    for (path, expected, code) in [
        ("/api/operators/somebody".to_owned(), 400, "bad_request"),
        ("/api/operators/0x12".to_owned(), 400, "bad_request"),
        (format!("/api/operators/{nobody}"), 404, "not_found"),
        (format!("/api/services/{nobody}"), 404, "not_found"),
        ("/api/stakers/0x".to_owned(), 400, "bad_request"),
        ("/api/operators?limit=0".to_owned(), 400, "bad_request"),
        ("/api/operators?limit=501".to_owned(), 400, "bad_request"),
        ("/api/operators?limit=-1".to_owned(), 400, "bad_request"),
        ("/api/operators?limit=1&limit=2".to_owned(), 400, "bad_request"),
        ("/api/operators?order=size".to_owned(), 400, "bad_request"),
        ("/api/events?after=1".to_owned(), 400, "bad_request"),
        ("/api/events?after=18446744073709551615:0".to_owned(), 400, "bad_request"),
        ("/api/events?account='; DROP TABLE events; --".to_owned(), 400, "bad_request"),
        ("/api/explain".to_owned(), 400, "bad_request"),
        ("/api/explain?data=12".to_owned(), 400, "bad_request"),
        ("/api/explain?data=0x1".to_owned(), 400, "bad_request"),
        ("/api/nothing".to_owned(), 404, "not_found"),
        ("/".to_owned(), 404, "not_found"),
    ] {
        let (status, answer) = server.ask(&path).await?;
        ensure!(status == expected && answer["error"]["code"] == code, "{path}: {status} {answer}");
        check(&document, &document["components"]["schemas"]["Error"], &answer, &path)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_explained_in_the_sentence_of_the_command_line() -> Result<()> {
    let stage = Stage::new("explained").await?;
    let (server, people) = (stage.serve().await?, People::of(&stage.suite));
    let data = SlashNotExecutable { executableAt: 1_900_000_000 }.abi_encode();
    let told = server.get(&format!("/api/explain?data={}", hex::encode_prefixed(&data))).await?;
    let sentence = advice(&stage.chain, &stage.suite, &people, &Refusal { data: data.into() }).await?;
    assert_eq!((&told["name"], &told["sentence"]), (&"SlashNotExecutable".into(), &sentence.into()));
    let told = server.get("/api/explain?data=0x").await?;
    assert_eq!((&told["name"], &told["sentence"]), (&serde_json::Value::Null, &"a revert without data".into()));
    Ok(())
}

//! Steps that were taken natively, and the chain that is asked about them.

use crate::random::Random;
use alloy::primitives::{Address, B256, Bytes};
use alloy::rpc::client::RpcClient;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError};
use alloy::transports::{RpcError, TransportErrorKind};
use eyre::{OptionExt, Result, ensure, eyre};
use interfaces::IStep::{WrongWitness, stepCall};
use restake::actors::Cast;
use restake_computation::{Tree, advance, witness};
use restake_tests::programs::{deploy_program, steps};
use step::{State, Step};
use stylus_devnode::Devnode;

/// How many questions go to the node at once.
const AT_ONCE: usize = 100;
/// One in so many steps is asked about with wrong witnesses as well.
const SPOILT: u64 = 40;

/// The step function of a computation.
type Native = fn(B256, &[u8]) -> Result<B256, step::WrongWitness>;

/// Steps that were taken natively and are not yet judged, and how many there were.
pub(crate) struct Judged {
    native: Native,
    waiting: Vec<Question>,
    /// The last witness, of another state than the next.
    last: Vec<u8>,
    pub(crate) taken: u64,
    pub(crate) refused: u64,
}

/// What the chain is asked, and what it must say: a state, or that the witness is wrong.
struct Question {
    state: B256,
    witness: Vec<u8>,
    expected: Option<B256>,
}

impl Judged {
    pub(crate) fn new(program: &str) -> Result<Self> {
        let native: Native = match program {
            "transfers" => transfers::Transfers::step,
            "register-machine" => register_machine::RegisterMachine::step,
            _ => return Err(eyre!("no native {program}")),
        };
        Ok(Self { native, waiting: Vec::new(), last: Vec::new(), taken: 0, refused: 0 })
    }

    /// Takes a step over the whole state and by its witness, and notes what the chain must say; of some steps also to
    /// wrong witnesses.
    pub(crate) fn take<S: State<Tree = Tree> + Clone>(&mut self, state: &mut S, random: &mut Random) -> Result<()> {
        let (before, right) = (state.hash(), witness(state).map_err(|_| eyre!("no witness"))?);
        advance(state).map_err(|_| eyre!("no step"))?;
        ensure!((self.native)(before, &right) == Ok(state.hash()), "the witness leads elsewhere");
        if random.one_in(SPOILT) {
            for wrong in spoilt(&right, &self.last, random)? {
                ensure!((self.native)(before, &wrong).is_err(), "a wrong witness was taken: {}", Bytes::from(wrong));
                self.waiting.push(Question { state: before, witness: wrong, expected: None });
                self.refused += 1;
            }
        }
        self.last.clone_from(&right);
        self.waiting.push(Question { state: before, witness: right, expected: Some(state.hash()) });
        self.taken += 1;
        Ok(())
    }
}

/// Witnesses that are wrong: another byte, a byte less or more, some bytes less, that of another state, none.
fn spoilt(right: &[u8], other: &[u8], random: &mut Random) -> Result<Vec<Vec<u8>>> {
    let length = u64::try_from(right.len())?;
    let (at, until) = (usize::try_from(random.below(length))?, usize::try_from(random.below(length))?);
    let bit = 1 << random.below(8);
    let mut flipped = right.to_vec();
    *flipped.get_mut(at).ok_or_eyre("no byte")? ^= bit;
    let mut wrong = vec![flipped, right[..until].to_vec(), right[..right.len() - 1].to_vec(), Vec::new()];
    wrong.push([right, &[0]].concat());
    if other != right {
        wrong.push(other.to_vec());
    }
    Ok(wrong)
}

/// A node with the program of a computation.
pub(crate) struct Chain {
    // Not the chain's own connection, which takes one refusal in a batch for a failure of the batch.
    client: RpcClient,
    program: Address,
    _node: Devnode,
}

impl Chain {
    pub(crate) async fn with(program: &str) -> Result<Self> {
        let programs = steps().await?;
        let program = programs.iter().find(|known| known.name == program).ok_or_eyre("no such program")?;
        let (node, owner) = (Devnode::builder().spawn().await?, Cast::development()?.owner);
        let chain = restake::chain::Chain::connect(&node.http_url(), [owner.key.clone()])?;
        let program = deploy_program(&chain, owner.address, program).await?;
        let client = RpcClient::new_http(node.http_url().parse()?);
        Ok(Self { client, program, _node: node })
    }

    /// Asks about all steps that wait, some in each request.
    pub(crate) async fn judge(&self, judged: &mut Judged) -> Result<()> {
        for questions in judged.waiting.chunks(AT_ONCE) {
            let mut batch = self.client.new_batch();
            let mut answers = Vec::new();
            for Question { state, witness, .. } in questions {
                let call = stepCall { state: *state, witness: witness.clone().into() };
                let request = TransactionRequest::default().to(self.program).input(call.abi_encode().into());
                answers.push(batch.add_call::<_, Bytes>("eth_call", &(request,))?);
            }
            batch.send().await?;
            for (answer, Question { state, witness, expected }) in answers.into_iter().zip(questions) {
                let said = match answer.await {
                    Ok(returned) => Some(stepCall::abi_decode_returns_validate(&returned)?),
                    Err(error) => {
                        refusal(&error)?;
                        None
                    }
                };
                ensure!(said == *expected, "{state}, {}: {said:?}, not {expected:?}", Bytes::from(witness.clone()));
            }
        }
        judged.waiting.clear();
        Ok(())
    }
}

/// Makes sure that the program refused a witness, and did not fail otherwise.
fn refusal(error: &RpcError<TransportErrorKind>) -> Result<()> {
    let data = error.as_error_resp().and_then(|response| response.as_revert_data());
    ensure!(data.is_some_and(|data| WrongWitness::abi_decode(&data).is_ok()), "another failure: {error}");
    Ok(())
}

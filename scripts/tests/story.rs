//! The story that the main command tells comes out as told.

use eyre::Result;
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::story;
use restake::suite::Suite;
use stylus_devnode::Devnode;

#[tokio::test]
async fn every_step_and_every_number_of_the_story_comes_out_as_told() -> Result<()> {
    let cast = Cast::development()?;
    let parameters = story::parameters(cast.fund.address)?;
    let node = Devnode::builder().timestamp(story::BEGINS).manual_time(true).spawn().await?;
    let chain = Chain::connect(&node.http_url(), cast.all().map(|actor| actor.key.clone()))?;
    let suite = Suite::deploy(&chain, &build::build(false)?, &cast.owner, &parameters).await?;
    story::play(&chain, &suite, &cast, &parameters).await
}

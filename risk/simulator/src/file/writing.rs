//! From places to names.

use super::{File, WrittenGrant, WrittenOperator, WrittenPosition, WrittenService, WrittenStaker, WrittenToken};
use crate::decimal::Decimal;
use crate::network::{Network, Operator};

impl From<&Network> for File {
    fn from(network: &Network) -> Self {
        let token = |token: &crate::network::Token| WrittenToken {
            name: token.name.clone(),
            price: Decimal(token.price.into()),
        };
        let service = |service: &crate::network::Service| WrittenService {
            name: service.name.clone(),
            profit: Decimal(service.profit),
            threshold: Decimal(service.threshold.into()),
            penalty: Decimal(service.penalty.into()),
        };
        let staker = |name: &String| WrittenStaker { name: name.clone(), positions: vec![] };
        let mut file = Self {
            tokens: network.tokens.iter().map(token).collect(),
            services: network.services.iter().map(service).collect(),
            operators: network.operators.iter().map(|operator| written(network, operator)).collect(),
            stakers: network.stakers.iter().map(staker).collect(),
        };
        for position in &network.positions {
            let operator = network.operators.get(position.operator).map(|operator| operator.name.clone());
            let token = network.tokens.get(position.token).map(|token| token.name.clone());
            if let (Some(staker), Some(operator), Some(token)) =
                (file.stakers.get_mut(position.staker), operator, token)
            {
                staker.positions.push(WrittenPosition { operator, token, amount: Decimal(position.amount) });
            }
        }
        file
    }
}

fn written(network: &Network, operator: &Operator) -> WrittenOperator {
    let stakes = network.tokens.iter().zip(&operator.stakes).filter(|(_, amount)| **amount > 0);
    let grants = operator.grants.iter().filter_map(|grant| {
        let service = network.services.get(grant.service)?.name.clone();
        Some(WrittenGrant { service, budget: Decimal(grant.budget.into()), tier: grant.tier })
    });
    WrittenOperator {
        name: operator.name.clone(),
        magnitude: Decimal(operator.magnitude.into()),
        stakes: stakes.map(|(token, amount)| (token.name.clone(), Decimal(*amount))).collect(),
        grants: grants.collect(),
    }
}

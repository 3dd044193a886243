//! What a question says.

use super::ApiError;
use alloy::primitives::Address;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde_json::Value;
use std::collections::BTreeMap;
use std::str::FromStr;

/// How many are listed at once, and at most.
const LIMIT: (usize, usize) = (100, 500);

/// What comes after the question mark.
pub(super) struct Asked(BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| ApiError::BadRequest("the question cannot be read".to_owned()))?;
        let mut asked = BTreeMap::new();
        for (name, value) in pairs.0 {
            if asked.insert(name.clone(), value).is_some() {
                return Err(ApiError::BadRequest(format!("{name} is given twice")));
            }
        }
        Ok(Self(asked))
    }
}

impl Asked {
    /// Refuses parameters that are not known.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(ApiError::BadRequest(format!("there is no parameter {name}"))),
            None => Ok(()),
        }
    }

    /// What a parameter says, if it is given.
    pub(super) fn get<T: FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let read = self.0.get(name).map(|text| text.parse());
        read.transpose().map_err(|_| ApiError::BadRequest(format!("{name} cannot be read")))
    }

    /// How many are wanted.
    pub(super) fn limit(&self) -> Result<usize, ApiError> {
        let (usual, most) = LIMIT;
        match self.get("limit")?.unwrap_or(usual) {
            limit if (1..=most).contains(&limit) => Ok(limit),
            _ => Err(ApiError::BadRequest(format!("limit is 1 to {most}"))),
        }
    }

    /// Those after the place where the last answer ended, as many as wanted, and where this one ends.
    pub(super) fn page(&self, all: Vec<Address>) -> Result<(Vec<Address>, Value), ApiError> {
        let (limit, after) = (self.limit()?, self.get::<Address>("after")?.map(|after| after.to_string()));
        let mut rest = all.into_iter().filter(|one| after.as_ref().is_none_or(|after| one.to_string() > *after));
        let page: Vec<Address> = rest.by_ref().take(limit).collect();
        let is_last = rest.next().is_none();
        let ends = page.last().filter(|_| !is_last).map_or(Value::Null, |last| last.to_string().into());
        Ok((page, ends))
    }
}

/// The account that a path names.
pub(super) fn account(text: &str) -> Result<Address, ApiError> {
    text.parse().map_err(|_| ApiError::BadRequest(format!("{text} is no address")))
}

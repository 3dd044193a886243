//! The parameters of a request.

use super::error::invalid_params;
use super::hexadecimal::complaint;
use crate::rpc_error::RpcError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Positional parameters, taken one by one.
#[derive(Debug)]
pub(crate) struct Params {
    values: std::vec::IntoIter<Value>,
    taken: usize,
}

impl Params {
    /// The parameters in a JSON array. Null stands for none.
    ///
    /// # Errors
    ///
    /// "invalid params" for anything else.
    pub(crate) fn new(params: Value) -> Result<Self, RpcError> {
        match params {
            Value::Array(values) => Ok(Self { values: values.into_iter(), taken: 0 }),
            Value::Null => Ok(Self { values: Vec::new().into_iter(), taken: 0 }),
            _ => Err(invalid_params("non-array args")),
        }
    }

    /// How many were taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// The next parameter.
    ///
    /// # Errors
    ///
    /// "invalid params" if it is missing, null, or of another type.
    pub(crate) fn required<T: DeserializeOwned + 'static>(&mut self) -> Result<T, RpcError> {
        let index = self.taken;
        self.optional()?.ok_or_else(|| invalid_params(&format!("missing value for required argument {index}")))
    }

    /// The next parameter, if there is one that is not null.
    ///
    /// # Errors
    ///
    /// "invalid params" if it is of another type.
    pub(crate) fn optional<T: DeserializeOwned + 'static>(&mut self) -> Result<Option<T>, RpcError> {
        let index = self.taken;
        self.taken += 1;
        match self.values.next() {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let wrong = |why: String| invalid_params(&format!("invalid argument {index}: {why}"));
                match complaint::<T>(&value) {
                    Some(why) => Err(wrong(why)),
                    None => serde_json::from_value(value).map(Some).map_err(|error| wrong(error.to_string())),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Params;
    use alloy::primitives::U64;
    use serde_json::json;

    #[test]
    fn parameters_come_in_order() {
        let mut params = Params::new(json!(["0x10", null])).expect("an array");
        assert_eq!(params.required::<U64>().expect("a number"), U64::from(16));
        assert_eq!(params.optional::<U64>().expect("null"), None);
        assert_eq!(params.optional::<U64>().expect("absent"), None);
    }

    #[test]
    fn errors_name_the_argument() {
        let mut params = Params::new(json!(["0x1", "x"])).expect("an array");
        params.required::<U64>().expect("a number");
        let error = params.required::<U64>().expect_err("not a number");
        assert_eq!(error.code(), -32602);
        assert!(error.message().starts_with("invalid argument 1: "), "{error}");
        let error = params.required::<U64>().expect_err("absent");
        assert_eq!(error.message(), "missing value for required argument 2");
        let error = Params::new(json!({})).expect_err("an object");
        assert_eq!(error.message(), "non-array args");
    }
}

//! The node as the protocol's users see it: programs, requests, gas, calldata, time.

mod activation;
mod calldata;
mod clock;
mod development;
mod gas;
mod modules;
mod programs;
mod requests;
mod suite;

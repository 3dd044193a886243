//! The Slasher: grants, requests, freezes.

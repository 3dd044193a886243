//! Permissions to slash, freezes and slash requests.

//! Builds, deploys and drives the restaking protocol

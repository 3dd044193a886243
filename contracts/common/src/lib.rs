//! What several contracts share: calls, access, time

//! A watcher on a chain with everything deployed: what it finds, what it challenges, and what it leaves alone.

mod book;
mod folder;
mod watching;

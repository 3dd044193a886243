//! The record, the messages and the pages of a process, from outside.

mod backup;
mod folder;
mod killing;
mod messages;
mod pages;
mod record;
mod remote;
mod setting;
mod transports;

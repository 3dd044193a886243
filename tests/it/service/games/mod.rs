//! Bisection: games about signed results of computations.

mod bonds;
mod clocks;
mod evidence;
mod judges;
mod moves;
mod playing;
mod random;
mod steps;
mod table;
mod verdicts;

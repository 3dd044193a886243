//! What names an entry of a floor: the flows of the protocol, what its contracts know, and the rules that hold whatever
//! one actor with many accounts does.

use std::fmt;

/// Who names an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// What people do, and which contracts it passes.
    Flow,
    /// What each contract knows.
    Contracts,
    /// What is always true of the books.
    Books,
    /// R1.
    Guarantee,
    /// R2.
    Exit,
    /// R3.
    Consent,
    /// R4.
    Freeze,
    /// R5.
    Verdicts,
    /// R6.
    Weight,
    /// R7.
    Queue,
}

impl Rule {
    /// All, in the order of the design.
    pub(crate) const ALL: [Self; 10] = [
        Self::Flow,
        Self::Contracts,
        Self::Books,
        Self::Guarantee,
        Self::Exit,
        Self::Consent,
        Self::Freeze,
        Self::Verdicts,
        Self::Weight,
        Self::Queue,
    ];

    /// What it says, as far as floors need it.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Flow => "what people do passes these contracts and logs this",
            Self::Contracts => "what each contract knows; facts that change together share a word",
            Self::Books => "the vault holds what it owes, and bonds that come in go out, for each challenge",
            Self::Guarantee => {
                "what a service counts it can take: magnitude, budgets and requests of an operator, and an execution \
                 that visits every pool and every bucket that was at stake"
            }
            Self::Exit => "slashed funds leave no faster than stake, under the same pauses",
            Self::Consent => {
                "a grant is in force at once only where nobody else's money is active or in a bucket; stake joins \
                 below a commitment"
            }
            Self::Freeze => {
                "frozen, stake joins nowhere and leaves in published windows: requests are counted by operator and \
                 epoch, and pauses are published"
            }
            Self::Verdicts => {
                "a key counts from a time until a time; terms are those of the task's time; a fault is used up once; \
                 pauses delay executions and never verdicts"
            }
            Self::Weight => {
                "checkpoints of each operator and of the total; an admission contract decides who signs; a proven \
                 fault suspends at once"
            }
            Self::Queue => "what leaves of a token with an outflow limit has a turn, by what is owed",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flow => "flow",
            Self::Contracts => "contracts",
            Self::Books => "books",
            Self::Guarantee => "guarantee",
            Self::Exit => "exit",
            Self::Consent => "consent",
            Self::Freeze => "freeze",
            Self::Verdicts => "verdicts",
            Self::Weight => "weight",
            Self::Queue => "queue",
        })
    }
}

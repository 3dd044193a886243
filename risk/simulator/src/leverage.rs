//! Leverage: ETH is staked for an LST, that is restaked for a receipt, the receipt is collateral for borrowed ETH, and
//! that is staked again. When the receipt loses value, collateral is sold, which lowers its price, and so on.

use arithmetic::wad::{ONE, portion_down, portion_up};
use arithmetic::wide::mul_div_down;

/// A lending market for a receipt, and who borrows there. Amounts are in ETH, prices in ETH for a receipt (wad).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// What those hold in receipts who do not borrow.
    pub holders: u128,
    /// How many borrow. The k-th of n borrows k/n of what the market allows.
    pub borrowers: u32,
    /// What each of them begins with.
    pub equity: u128,
    /// How often each borrows and stakes what was borrowed.
    pub turns: u32,
    /// The part of collateral that can be borrowed (wad).
    pub loan_to_value: u64,
    /// The part of collateral above which a debt is liquidated (wad).
    pub liquidation_threshold: u64,
    /// What liquidators get above the debt (wad).
    pub bonus: u64,
    /// The ETH in the pool in which receipts are sold; it holds receipts of the same value. The product of both stays.
    pub depth: u128,
    /// The part that the receipt loses in a slash (wad), or because the LST falls.
    pub fall: u64,
}

/// Leverage after a turn on the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Up {
    /// What is staked: as ETH in the LST, as LST in the receipt, and, but for the holders' part, as collateral.
    pub staked: u128,
    /// What is owed.
    pub debt: u128,
}

/// The market after a round of liquidations on the way down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Down {
    /// The price of a receipt in the pool.
    pub price: u128,
    /// How many borrowers were liquidated in this round.
    pub liquidated: usize,
    /// How many receipts were sold in this round.
    pub sold: u128,
    /// What lenders did not get back in this round.
    pub bad_debt: u128,
    /// What is left at stake, at the value of what backs it, if what was sold is redeemed.
    pub staked: u128,
}

#[derive(Clone, Copy)]
struct Loan {
    collateral: u128,
    debt: u128,
}

impl Scenario {
    /// The way up: at first nobody owes anything.
    pub fn up(&self) -> Vec<Up> {
        (0..=self.turns)
            .map(|turns| {
                let loans = self.loans(turns);
                let collateral = sum(loans.iter().map(|loan| loan.collateral));
                Up { staked: collateral.saturating_add(self.holders), debt: sum(loans.iter().map(|loan| loan.debt)) }
            })
            .collect()
    }

    /// The way down: the fall, and each round of liquidations until there is none.
    pub fn down(&self) -> Vec<Down> {
        let fair = u128::from(ONE.saturating_sub(self.fall));
        let mut loans = self.loans(self.turns);
        let mut receipts = sum(loans.iter().map(|loan| loan.collateral)).saturating_add(self.holders);
        // Traders have brought the pool to what the receipt is worth after the fall.
        let mut pool =
            Pool { eth: self.depth, receipts: mul_div_down(self.depth, ONE.into(), fair).unwrap_or(u128::MAX) };
        let staked = |receipts| portion(receipts, fair);
        let mut rounds = vec![Down { price: pool.price(), staked: staked(receipts), ..Down::default() }];
        loop {
            let price = pool.price();
            let (unsafe_loans, safe): (Vec<Loan>, Vec<Loan>) =
                loans.into_iter().partition(|loan| loan.debt > self.allowed(loan.collateral, price));
            if unsafe_loans.is_empty() {
                return rounds;
            }
            let mut round = Down { liquidated: unsafe_loans.len(), ..Down::default() };
            for loan in &unsafe_loans {
                let seized = self.seized(loan, price);
                round.sold = round.sold.saturating_add(seized);
                round.bad_debt = round.bad_debt.saturating_add(loan.debt.saturating_sub(pool.sell(seized)));
            }
            receipts = receipts.saturating_sub(round.sold);
            (round.price, round.staked) = (pool.price(), staked(receipts));
            rounds.push(round);
            loans = safe;
        }
    }

    /// What borrowers have and owe after so many turns.
    fn loans(&self, turns: u32) -> Vec<Loan> {
        let of = |number: u32| {
            let part = mul_div_down(self.loan_to_value.into(), number.into(), self.borrowers.into()).unwrap_or(0);
            let (mut loan, mut borrowed) = (Loan { collateral: self.equity, debt: 0 }, self.equity);
            for _ in 0..turns {
                borrowed = portion(borrowed, part);
                loan.collateral = loan.collateral.saturating_add(borrowed);
                loan.debt = loan.debt.saturating_add(borrowed);
            }
            loan
        };
        (1..=self.borrowers).map(of).collect()
    }

    /// The largest debt that is not liquidated.
    fn allowed(&self, collateral: u128, price: u128) -> u128 {
        portion_down(portion(collateral, price), self.liquidation_threshold).unwrap_or(u128::MAX)
    }

    /// What a liquidator takes of the collateral.
    fn seized(&self, loan: &Loan, price: u128) -> u128 {
        let due = loan.debt.saturating_add(portion_up(loan.debt, self.bonus).unwrap_or(u128::MAX));
        mul_div_down(due, ONE.into(), price).unwrap_or(u128::MAX).min(loan.collateral)
    }
}

/// Where receipts are sold.
struct Pool {
    eth: u128,
    receipts: u128,
}

impl Pool {
    fn price(&self) -> u128 {
        mul_div_down(self.eth, ONE.into(), self.receipts).unwrap_or(0)
    }

    /// What receipts sell for, rounded down as pools do.
    fn sell(&mut self, receipts: u128) -> u128 {
        self.receipts = self.receipts.saturating_add(receipts);
        let paid = mul_div_down(self.eth, receipts, self.receipts).unwrap_or(0);
        self.eth = self.eth.saturating_sub(paid);
        paid
    }
}

fn portion(amount: u128, wad: u128) -> u128 {
    mul_div_down(amount, wad, ONE.into()).unwrap_or(u128::MAX)
}

fn sum(amounts: impl Iterator<Item = u128>) -> u128 {
    amounts.fold(0, u128::saturating_add)
}

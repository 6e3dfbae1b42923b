//! How fair a distribution was, in numbers that reports and simulations read alike.

use super::ledger::Account;
use super::share::Leads;

/// The index of R. Jain, D. Chiu and W. Hawe (*A Quantitative Measure of Fairness and Discrimination for Resource Allocation in Shared Computer
/// Systems*, DEC-TR-301, 1984): the square of the sum over the count times the sum of the squares. 1 when all values are equal, 1/n when one of
/// n has all; scale does not matter. Nothing when there are no values, or when all of them are 0.
pub fn jain(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (count, sum, squares) = values
        .into_iter()
        .fold((0.0, 0.0, 0.0), |(count, sum, squares), value| (count + 1.0, sum + value, squares + value * value));
    let below = count * squares;
    (below > 0.0).then(|| sum * sum / below)
}

/// [`jain`] of what each member received for each lead of entitlement. Members who were entitled to nothing are left out: they were never asked.
pub fn evenness<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Option<f64> {
    let entitled = accounts.into_iter().filter(|account| account.entitled > Leads::ZERO);
    jain(entitled.map(|account| Leads::whole(account.received).figure() / account.entitled.figure()))
}

/// How far the member who is the furthest away is from the entitlement, behind or ahead, in leads. The promise of the fair draw is about this
/// number: see [`fairness`](super::fairness).
pub fn worst_deviation<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Leads {
    accounts.into_iter().map(|account| account.deviation().abs()).max().unwrap_or(Leads::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(entitled: i64, received: i64) -> Account {
        Account { entitled: Leads::whole(entitled), received, ..Account::default() }
    }

    #[test]
    fn the_index_is_that_of_the_paper() {
        let index = |values: &[f64]| jain(values.iter().copied());
        assert_eq!(index(&[]), None);
        assert_eq!(index(&[0.0, 0.0]), None);
        assert_eq!(index(&[3.0, 3.0, 3.0]), Some(1.0));
        // one of ten has all
        let one = index(&[7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
        assert!((one - 0.1).abs() < 1e-12);
        // the example of the paper: 20 of 100 equally, the others nothing
        let some = jain((0..100).map(|user| if user < 20 { 1.0 } else { 0.0 })).unwrap();
        assert!((some - 0.2).abs() < 1e-12);
    }

    #[test]
    fn weights_do_not_make_it_uneven() {
        let fair = [account(20, 20), account(10, 10), account(1, 1)];
        assert_eq!((evenness(&fair), worst_deviation(&fair)), (Some(1.0), Leads::ZERO));
        let unfair = [account(20, 22), account(10, 7), account(0, 0)];
        assert!(evenness(&unfair).unwrap() < 1.0);
        assert_eq!(worst_deviation(&unfair), Leads::whole(3));
        assert_eq!((evenness(&[]), worst_deviation(&[])), (None, Leads::ZERO));
    }
}

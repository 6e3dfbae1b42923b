//! The departments between which a lead is handed.

use crate::code::codes;

codes! {
    /// A department of the organisation that takes part in the waterfall.
    pub enum Department {
        /// Marketing: finds and warms demand.
        Marketing = "MARKETING",
        /// Inside sales: qualifies by phone and mail, closes smaller deals.
        InsideSales = "INSIDE_SALES",
        /// Field sales: meets the buyers, closes larger deals.
        FieldSales = "FIELD_SALES",
        /// Customer service: takes customers over and finds repeat demand.
        CustomerService = "CUSTOMER_SERVICE",
    }
}

/// A set of departments in four bits: the form in which a lead stores through which departments it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct DepartmentSet(u8);

impl DepartmentSet {
    /// No department.
    pub const EMPTY: Self = Self(0);

    /// The bits that stand for a department.
    const ALL_BITS: u8 = 0b1111;

    const fn bit(department: Department) -> u8 {
        match department {
            Department::Marketing => 0b0001,
            Department::InsideSales => 0b0010,
            Department::FieldSales => 0b0100,
            Department::CustomerService => 0b1000,
        }
    }

    /// The stored form: MARKETING 1, `INSIDE_SALES` 2, `FIELD_SALES` 4, `CUSTOMER_SERVICE` 8, added up.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Reads the stored form; `None` when a bit is set that stands for no department.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL_BITS == 0 { Some(Self(bits)) } else { None }
    }

    /// Exactly one department.
    pub const fn only(department: Department) -> Self {
        Self(Self::bit(department))
    }

    /// The set with `department` in it.
    #[must_use]
    pub const fn with(self, department: Department) -> Self {
        Self(self.0 | Self::bit(department))
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `department` is in the set.
    pub const fn contains(self, department: Department) -> bool {
        self.0 & Self::bit(department) != 0
    }

    /// Whether no department is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The departments in the order of the waterfall.
    pub fn iter(self) -> impl Iterator<Item = Department> {
        Department::ALL.iter().copied().filter(move |department| self.contains(*department))
    }
}

impl FromIterator<Department> for DepartmentSet {
    fn from_iter<I: IntoIterator<Item = Department>>(departments: I) -> Self {
        departments.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl From<DepartmentSet> for u8 {
    fn from(set: DepartmentSet) -> Self {
        set.bits()
    }
}

impl TryFrom<u8> for DepartmentSet {
    type Error = String;

    fn try_from(bits: u8) -> Result<Self, Self::Error> {
        Self::from_bits(bits).ok_or_else(|| format!("`{bits}` has bits that stand for no department"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_read_back() {
        for bits in 0..16 {
            let set = DepartmentSet::from_bits(bits).unwrap();
            assert_eq!(set.bits(), bits);
            assert_eq!(set.iter().collect::<DepartmentSet>(), set);
        }
        assert_eq!(DepartmentSet::from_bits(16), None);
    }

    #[test]
    fn holds_what_was_put_in() {
        let set = DepartmentSet::only(Department::Marketing).with(Department::FieldSales);
        assert!(set.contains(Department::FieldSales));
        assert!(!set.contains(Department::InsideSales));
        assert_eq!(set.bits(), 5);
    }
}

//! The fields that are compared and how far they agree.

use crate::code::codes;

codes! {
    /// A field of a person or a company that is compared with the same field of another one.
    pub enum MatchField {
        /// Given name.
        GivenName = "GIVEN_NAME",
        /// Family name.
        FamilyName = "FAMILY_NAME",
        /// E-mail address.
        Email = "EMAIL",
        /// Telephone number.
        Phone = "PHONE",
        /// Name of the company that a person works for.
        Company = "COMPANY",
        /// Name of a company.
        CompanyName = "COMPANY_NAME",
        /// Street or building.
        Street = "STREET",
        /// House number.
        HouseNumber = "HOUSE_NUMBER",
        /// Postal code.
        PostalCode = "POSTAL_CODE",
        /// Town.
        City = "CITY",
        /// Region of the country.
        Region = "REGION",
        /// Country.
        Country = "COUNTRY",
        /// Domain of a company's website or of its people's e-mail addresses.
        Domain = "DOMAIN",
        /// Number in the register of companies.
        RegisterNumber = "REGISTER_NUMBER",
    }
}

codes! {
    /// How far a field of one record agrees with that of another. A field that is unknown on either side says nothing and is left out.
    pub enum Agreement {
        /// Equal once case, accents, umlaut spelling and punctuation are left out.
        Same = "SAME",
        /// Given name and family name stand in each other's place.
        Swapped = "SWAPPED",
        /// A typing error apart, or spelt otherwise and sounding the same.
        Close = "CLOSE",
        /// Something in common: an initial, one of several words, the same front of a code.
        Related = "RELATED",
        /// Nothing in common.
        Different = "DIFFERENT",
    }
}

//! Codes of the quality of records and of job titles.

use fairfall_domain::quality::{QualityCheck, Severity};
use fairfall_domain::title::{TitleFunction, TitleSeniority, TitleSource};

use super::enum_codes;

enum_codes! {
    /// A check of a person or a company.
    QualityCheck as "QualityCheck" {
        EmailSyntax: "The e-mail address has the form of one (RFC 5321). It is refused, or put right.",
        EmailRole: "The e-mail address belongs to a role such as `info`, not to a person.",
        EmailThrowaway: "The e-mail address is of a provider of throw-away addresses.",
        EmailFree: "The e-mail address is of a free provider, so that it tells nothing of a company.",
        EmailTypo: "The domain of the e-mail address looks mistyped.",
        PhoneInvalid: "The telephone number is one of its country's plan. It is refused, or put right.",
        PostalCodeFormat: "The postal code has the layout of its country. It is refused, or put right.",
        CompanyName: "The company's name is more than a legal form or a placeholder.",
        Url: "The address in the web is whole. It is refused, or put right.",
        NameCase: "A person's name is written in capitals or small letters throughout.",
        Placeholder: "A text stands for nothing, such as `test` or `n/a`.",
        Whitespace: "A text has runs of space, or characters that are not seen.",
    }

    /// What comes of a finding.
    Severity as "QualitySeverity" {
        Off: "Nothing: the check is not made.",
        Flag: "It is noted, and stays visible until it is put right.",
        Fix: "It is put right. What cannot be put right is left out. The finding tells what was there.",
        Reject: "The record is refused.",
    }

    /// The function of a company that somebody works in.
    TitleFunction as "TitleFunction" {
        GeneralManagement: "Runs the whole, or a part of it with all that belongs to it.",
        It: "Information technology and software.",
        Finance: "Finance, accounting, controlling, tax.",
        Procurement: "Buys for the company.",
        Sales: "Sales and business development.",
        Marketing: "Marketing, communication, product management.",
        Operations: "Operations, projects, processes, administration.",
        Production: "Production, plants, crafts, maintenance.",
        Engineering: "Engineering, design, construction, facilities.",
        Research: "Research and development.",
        Hr: "Human resources.",
        Legal: "Law, compliance, data protection.",
        Logistics: "Logistics, warehouse, transport, supply chain.",
        Quality: "Quality.",
        CustomerService: "Customer service and support.",
        Consulting: "Advises others.",
        Assistance: "Assists others: secretariat and office.",
        Education: "Teaches.",
        Health: "Heals and cares.",
        Other: "A known occupation outside of these.",
        Unknown: "The title does not tell.",
    }

    /// How high up somebody is, lowest first.
    TitleSeniority as "TitleSeniority" {
        Unknown: "The title does not tell.",
        Trainee: "Learns: apprentice, intern, student.",
        Assistant: "Assists: assistant, secretary.",
        Staff: "Does the work.",
        Specialist: "Knows a field well: senior, expert, consultant, officer.",
        Manager: "Leads a team or a subject: manager, team lead, foreman.",
        Director: "Leads a department: head, director.",
        Vp: "Vice president.",
        CLevel: "Runs the company: managing director, chief officer, board member, owner.",
    }

    /// Where the reading of a title comes from.
    TitleSource as "TitleSource" {
        Rule: "Rules for German and English titles.",
        Taxonomy: "Words of the occupations of ESCO and O*NET.",
        Nothing: "Nothing is known of it.",
    }
}

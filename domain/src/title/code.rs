//! The functions and levels that a title can tell.

use crate::code::codes;

codes! {
    /// The function of a company that somebody works in.
    pub enum TitleFunction {
        /// Runs the whole, or a part of it with all that belongs to it.
        GeneralManagement = "GENERAL_MANAGEMENT",
        /// Information technology and software.
        It = "IT",
        /// Finance, accounting, controlling, tax.
        Finance = "FINANCE",
        /// Procurement: buys for the company.
        Procurement = "PROCUREMENT",
        /// Sales and business development.
        Sales = "SALES",
        /// Marketing, communication, product management.
        Marketing = "MARKETING",
        /// Operations, projects, processes, administration.
        Operations = "OPERATIONS",
        /// Production, plants, crafts, maintenance.
        Production = "PRODUCTION",
        /// Engineering, design, construction, facilities.
        Engineering = "ENGINEERING",
        /// Research and development.
        Research = "RESEARCH",
        /// Human resources.
        Hr = "HR",
        /// Law, compliance, data protection.
        Legal = "LEGAL",
        /// Logistics, warehouse, transport, supply chain.
        Logistics = "LOGISTICS",
        /// Quality.
        Quality = "QUALITY",
        /// Customer service and support.
        CustomerService = "CUSTOMER_SERVICE",
        /// Advises others.
        Consulting = "CONSULTING",
        /// Assists others: secretariat and office.
        Assistance = "ASSISTANCE",
        /// Teaches.
        Education = "EDUCATION",
        /// Heals and cares.
        Health = "HEALTH",
        /// A known occupation outside of these.
        Other = "OTHER",
        /// The title does not tell.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// How high up somebody is, lowest first.
    pub enum TitleSeniority {
        /// The title does not tell.
        Unknown = "UNKNOWN",
        /// Learns: apprentice, intern, student.
        Trainee = "TRAINEE",
        /// Assists: assistant, secretary.
        Assistant = "ASSISTANT",
        /// Does the work.
        Staff = "STAFF",
        /// Knows a field well: senior, expert, consultant, officer.
        Specialist = "SPECIALIST",
        /// Leads a team or a subject: manager, team lead, foreman.
        Manager = "MANAGER",
        /// Leads a department: head, director.
        Director = "DIRECTOR",
        /// Vice president.
        Vp = "VP",
        /// Runs the company: managing director, chief officer, board member, owner.
        CLevel = "C_LEVEL",
    }
}

impl TitleSeniority {
    /// The level that stands in for this one: a deputy is one step below. Deputy members of a management are full members
    /// (§ 44 `GmbHG`, § 94 `AktG`).
    #[must_use]
    pub const fn deputy(self) -> Self {
        match self {
            Self::Vp => Self::Director,
            Self::Director => Self::Manager,
            Self::Manager => Self::Specialist,
            Self::Unknown | Self::Trainee | Self::Assistant | Self::Staff | Self::Specialist | Self::CLevel => self,
        }
    }
}

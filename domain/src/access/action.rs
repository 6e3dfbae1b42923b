//! What can be allowed or denied.

use crate::code::codes;

codes! {
    /// An act that needs a permission.
    pub enum Action {
        /// See a lead with its passages and transitions.
        ViewLead = "VIEW_LEAD",
        /// Bring a new lead in.
        CaptureLead = "CAPTURE_LEAD",
        /// Change what is known about a lead.
        UpdateLead = "UPDATE_LEAD",
        /// Take a lead to the next step of the same department.
        QualifyLead = "QUALIFY_LEAD",
        /// Offer a lead to the next department.
        HandOverLead = "HAND_OVER_LEAD",
        /// Take an offered lead.
        AcceptLead = "ACCEPT_LEAD",
        /// Send an offered lead back with a reason.
        RejectLead = "REJECT_LEAD",
        /// Take an offer back.
        WithdrawLead = "WITHDRAW_LEAD",
        /// Give a lead to somebody else.
        ReassignLead = "REASSIGN_LEAD",
        /// Send a lead to rest.
        RecycleLead = "RECYCLE_LEAD",
        /// Wake a resting lead.
        ReactivateLead = "REACTIVATE_LEAD",
        /// Close a lead that is none.
        DisqualifyLead = "DISQUALIFY_LEAD",
        /// Close a lead with an order.
        WinLead = "WIN_LEAD",
        /// Close a lead without an order.
        LoseLead = "LOSE_LEAD",
        /// Open a closed lead again.
        ReopenLead = "REOPEN_LEAD",
        /// Move a lead to another track.
        RetrackLead = "RETRACK_LEAD",
        /// See a person.
        ViewPerson = "VIEW_PERSON",
        /// Change a person.
        UpdatePerson = "UPDATE_PERSON",
        /// See a company.
        ViewCompany = "VIEW_COMPANY",
        /// Change a company.
        UpdateCompany = "UPDATE_COMPANY",
        /// See a campaign.
        ViewCampaign = "VIEW_CAMPAIGN",
        /// Make and change campaigns.
        ManageCampaign = "MANAGE_CAMPAIGN",
        /// See a track.
        ViewTrack = "VIEW_TRACK",
        /// Make and change tracks.
        ManageTrack = "MANAGE_TRACK",
        /// See an agreement between departments.
        ViewAgreement = "VIEW_AGREEMENT",
        /// Draft and propose agreements.
        ManageAgreement = "MANAGE_AGREEMENT",
        /// See a colleague.
        ViewUser = "VIEW_USER",
        /// Make, change and disable users.
        ManageUser = "MANAGE_USER",
        /// See a team.
        ViewTeam = "VIEW_TEAM",
        /// Make and change teams.
        ManageTeam = "MANAGE_TEAM",
        /// See a customer.
        ViewCustomer = "VIEW_CUSTOMER",
        /// Take a customer over.
        AcceptCustomer = "ACCEPT_CUSTOMER",
        /// See an opportunity.
        ViewOpportunity = "VIEW_OPPORTUNITY",
        /// Read figures.
        ViewReport = "VIEW_REPORT",
        /// Follow events of leads as they happen.
        FollowEvents = "FOLLOW_EVENTS",
        /// List and end sessions.
        ManageSession = "MANAGE_SESSION",
        /// Make and revoke partners' keys.
        ManageApiKey = "MANAGE_API_KEY",
        /// Read who did what.
        ViewAudit = "VIEW_AUDIT",
        /// See how leads are scored and what chance a model gives them.
        ViewScoreModel = "VIEW_SCORE_MODEL",
        /// Draft, publish and train the models that score leads.
        ManageScoreModel = "MANAGE_SCORE_MODEL",
        /// Set a lead's score by hand, with a reason and an end.
        OverrideScore = "OVERRIDE_SCORE",
        /// Record what people did.
        RecordActivity = "RECORD_ACTIVITY",
        /// Decide what is refused, marked or mended in records.
        ManageQuality = "MANAGE_QUALITY",
        /// See which records may be the same.
        ViewDuplicate = "VIEW_DUPLICATE",
        /// Merge two records into one, and take it back.
        MergeRecord = "MERGE_RECORD",
        /// Give out all that is known of a person.
        ExportPerson = "EXPORT_PERSON",
        /// Erase a person for good.
        ErasePerson = "ERASE_PERSON",
        /// Keep a person's data from being erased, for a legal reason.
        HoldPerson = "HOLD_PERSON",
        /// Decide how long data is kept, and who may not be contacted again.
        ManageProtection = "MANAGE_PROTECTION",
        /// Say who plays which role when a company buys.
        ManageBuyingCenter = "MANAGE_BUYING_CENTER",
        /// See territories, pools and what routing knows of colleagues.
        ViewRouting = "VIEW_ROUTING",
        /// Make and change territories.
        ManageTerritory = "MANAGE_TERRITORY",
        /// Make and change pools.
        ManagePool = "MANAGE_POOL",
        /// Say what routing knows of a colleague: languages, hours, absences.
        ManageMember = "MANAGE_MEMBER",
        /// Change what holds for all routing, and put drafts of it into force.
        ManageRouting = "MANAGE_ROUTING",
        /// Draft another routing and try it on what happened.
        SimulateRouting = "SIMULATE_ROUTING",
        /// Share the open leads of somebody who leaves or is absent for long.
        RebalancePool = "REBALANCE_POOL",
        /// Sign an agreement for the own department.
        SignAgreement = "SIGN_AGREEMENT",
        /// Say when the organisation, a team or a colleague works.
        ManageCalendar = "MANAGE_CALENDAR",
        /// Let a clock stand still and run on.
        PauseClock = "PAUSE_CLOCK",
        /// Rate a lead that the own department was given.
        RateLead = "RATE_LEAD",
        /// Say which attributes leads may have beside the usual ones.
        ManageAttribute = "MANAGE_ATTRIBUTE",
        /// Read what one is told, and say how.
        ViewNotification = "VIEW_NOTIFICATION",
    }
}

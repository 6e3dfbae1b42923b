//! Codes of users, roles and permissions.

use fairfall_domain::access::action::Action;
use fairfall_domain::access::actor::PartnerScope;
use fairfall_domain::access::role::{Rank, RoleKind};
use fairfall_domain::access::scope::Scope;
use fairfall_domain::team::MemberRank;
use fairfall_domain::user::{Seniority, UserStatus};

use super::enum_codes;

enum_codes! {
    /// What the access table allows or denies.
    Action as "Action" {
        ViewLead: "See a lead with its passages and transitions.",
        CaptureLead: "Bring a new lead in.",
        UpdateLead: "Change what is known about a lead.",
        QualifyLead: "Take a lead to the next step of the same department.",
        HandOverLead: "Offer a lead to the next department.",
        AcceptLead: "Take an offered lead.",
        RejectLead: "Send an offered lead back with a reason.",
        WithdrawLead: "Take an offer back.",
        ReassignLead: "Give a lead to somebody else.",
        RecycleLead: "Send a lead to rest.",
        ReactivateLead: "Wake a resting lead.",
        DisqualifyLead: "Close a lead that is none.",
        WinLead: "Close a lead with an order.",
        LoseLead: "Close a lead without an order.",
        ReopenLead: "Open a closed lead again.",
        RetrackLead: "Move a lead to another track.",
        ViewPerson: "See a person.",
        UpdatePerson: "Change a person.",
        ViewCompany: "See a company.",
        UpdateCompany: "Change a company.",
        ViewCampaign: "See a campaign.",
        ManageCampaign: "Make and change campaigns.",
        ViewTrack: "See a track.",
        ManageTrack: "Make and change tracks.",
        ViewAgreement: "See an agreement between departments.",
        ManageAgreement: "Draft and propose agreements.",
        ViewUser: "See a colleague.",
        ManageUser: "Make, change and disable users.",
        ViewTeam: "See a team.",
        ManageTeam: "Make and change teams.",
        ViewCustomer: "See a customer.",
        AcceptCustomer: "Take a customer over.",
        ViewOpportunity: "See an opportunity.",
        ViewReport: "Read figures.",
        FollowEvents: "Follow events of leads as they happen.",
        ManageSession: "List and end sessions.",
        ManageApiKey: "Make and revoke partners' keys.",
        ViewAudit: "Read who did what.",
        ViewScoreModel: "See how leads are scored and what chance a model gives them.",
        ManageScoreModel: "Draft, publish and train the models that score leads.",
        OverrideScore: "Set a lead's score by hand, with a reason and an end.",
        RecordActivity: "Record what people did.",
        ManageQuality: "Decide what is refused, marked or mended in records.",
        ViewDuplicate: "See which records may be the same.",
        MergeRecord: "Merge two records into one, and take it back.",
        ExportPerson: "Give out all that is known of a person.",
        ErasePerson: "Erase a person for good.",
        HoldPerson: "Keep a person's data from being erased, for a legal reason.",
        ManageProtection: "Decide how long data is kept, and who may not be contacted again.",
        ManageBuyingCenter: "Say who plays which role when a company buys.",
        ViewRouting: "See territories, pools and what routing knows of colleagues.",
        ManageTerritory: "Make and change territories.",
        ManagePool: "Make and change pools.",
        ManageMember: "Say what routing knows of a colleague: languages, hours, absences.",
        ManageRouting: "Change what holds for all routing, and put drafts of it into force.",
        SimulateRouting: "Draft another routing and try it on what happened.",
        RebalancePool: "Share the open leads of somebody who leaves or is absent for long.",
        SignAgreement: "Sign an agreement for the own department.",
        ManageCalendar: "Say when the organisation, a team or a colleague works.",
        PauseClock: "Let a clock stand still and run on.",
        RateLead: "Rate a lead that the own department was given.",
        ManageAttribute: "Say which attributes leads may have beside the usual ones.",
        ViewNotification: "Read what one is told, and say how.",
    }

    /// How far a permission reaches, from narrow to broad. Each includes the ones before it.
    Scope as "PermissionScope" {
        Own: "What is mine: I am the owner or the assignee; for a partner, what it captured.",
        Pool: "And what is offered to one of my teams, or waits in its queue for anybody to take.",
        Team: "And what one of my teams is responsible for or gave away.",
        Department: "And what is or was in my department, or is offered to it.",
        All: "Everything.",
    }

    /// What a user is in the organisation; for departments together with the rank.
    RoleKind as "Role" {
        Admin: "Administration.",
        Marketing: "Marketing.",
        InsideSales: "Inside sales.",
        FieldSales: "Field sales.",
        CustomerService: "Customer service.",
        Analyst: "Analysis.",
        Partner: "A partner's machine.",
    }

    /// Whether a user works or leads in the department.
    Rank as "Rank" {
        Member: "Works.",
        Manager: "Leads.",
    }

    /// What a partner's key may be used for.
    PartnerScope as "PartnerScope" {
        Capture: "Bring leads in and see what became of them.",
        Events: "Follow the events of the leads that it brought.",
        Reports: "Read figures.",
    }

    /// How experienced a colleague is; hot leads prefer seniors.
    Seniority as "Seniority" {
        Junior: "Less experienced.",
        Senior: "More experienced.",
    }

    /// Whether a user may sign in and receive leads.
    UserStatus as "UserStatus" {
        Active: "May.",
        Disabled: "May not, and keeps a name in the history.",
    }

    /// What somebody is in a team.
    MemberRank as "TeamRank" {
        Member: "Works in it.",
        Manager: "Leads it.",
    }
}

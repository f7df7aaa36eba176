//! Why somebody does not get in by single sign-on. The codes are what the page for signing in explains.

/// Why somebody does not get in by single sign-on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such provider, or it is switched off.
    #[error("There is no such way to sign in, or it was switched off.")]
    UnknownProvider,
    /// The provider does not answer.
    #[error("The provider does not answer. Try again in a few minutes, or sign in another way.")]
    ProviderAway,
    /// The provider answers, and not as it should: an administrator has to look.
    #[error("The provider and this program do not understand each other. An administrator can test the provider.")]
    Misconfigured,
    /// The person changed their mind at the provider, or it did not let them in.
    #[error("The provider did not let you in, or you have cancelled.")]
    RefusedByProvider,
    /// The sign-in was finished before, took more than ten minutes, or was never begun.
    #[error("This sign-in was finished before, or has taken longer than ten minutes. Begin again.")]
    FlowEnded,
    /// Another browser began the sign-in.
    #[error("This sign-in was begun in another browser. Begin again in this one.")]
    OtherBrowser,
    /// What the provider says of the person cannot be trusted.
    #[error("What the provider says cannot be trusted: it is not signed as it should be, or is not for this sign-in.")]
    BadIdToken,
    /// The provider tells no address.
    #[error("The provider does not tell your e-mail address. An administrator has to allow it there.")]
    NoEmail,
    /// The provider does not vouch for the address.
    #[error("The provider has not verified your e-mail address. Verify it there, then try again.")]
    EmailNotVerified,
    /// The address is of a domain that may not come.
    #[error("Your e-mail address at the provider is not of this school.")]
    DomainNotAllowed,
    /// The person is not known here, and nobody is let in who was not invited.
    #[error("You have no account at this school. Ask its administrator for an invitation.")]
    NotInvited,
    /// A guardian has to be asked first, which the registration does.
    #[error("Open the link of your invitation first: a parent or guardian may have to agree.")]
    RegisterFirst,
    /// The account waits for a guardian.
    #[error("A parent or guardian has to agree first. They were sent a message.")]
    WaitsForGuardian,
    /// The account was closed or deleted.
    #[error("Your account was closed. Ask the administrator of your school.")]
    AccountClosed,
    /// Accounts that may do more than the provider's administrators do not get in by it.
    #[error("This account cannot be opened by single sign-on. Use its password or a passkey.")]
    NotByProvider,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownProvider => "sso_unknown_provider",
            Self::ProviderAway => "sso_provider_away",
            Self::Misconfigured => "sso_misconfigured",
            Self::RefusedByProvider => "sso_refused",
            Self::FlowEnded => "sso_flow_ended",
            Self::OtherBrowser => "sso_other_browser",
            Self::BadIdToken => "sso_bad_id_token",
            Self::NoEmail => "sso_no_email",
            Self::EmailNotVerified => "sso_email_not_verified",
            Self::DomainNotAllowed => "sso_domain_not_allowed",
            Self::NotInvited => "sso_not_invited",
            Self::RegisterFirst => "sso_register_first",
            Self::WaitsForGuardian => "sso_waiting_for_guardian",
            Self::AccountClosed => "sso_account_closed",
            Self::NotByProvider => "sso_not_by_provider",
        }
    }
}

//! Single sign-on by OpenID Connect 1.0: an institution names a provider, its people sign in there, and come back with a
//! code that the program exchanges for a signed statement of who they are (authorization code flow with PKCE, RFC 7636).
//!
//! It is not a provider itself, and it knows no other flow: no tokens ever pass through a browser.
//!
//! Start reading at `flow`, then `id_token` and `link`. What goes out to other machines goes by [`fetch`].

mod exchange;
pub mod fetch;
mod flow;
mod id_token;
mod link;
mod metadata;
mod own;
mod people;
mod providers;
mod refusal;
mod shapes;
pub mod store;
mod trial;

pub use fetch::{Outbound, OutboundRules};
pub use flow::{Landing, OPEN as FLOW_LASTS, Returned, own_path};
pub(crate) use metadata::Metadata;
pub use own::Identity;
pub use refusal::Refusal;
pub use shapes::{NewPeople, NewProvider, Offered, ProviderPatch, ProviderView};
pub use trial::{Step, Trial};

use eduai_vault::{ColumnOwner, SealedColumn};

/// What the vault keeps of providers.
pub(crate) const SEALED: [SealedColumn; 1] = [SealedColumn {
    table: "users.oidc_provider",
    column: "client_secret",
    row: "id",
    owner: ColumnOwner::Institution,
}];

/// Where a provider sends people back to, below the address of the program.
pub const CALLBACK: &str = "/api/v1/auth/oidc/callback";

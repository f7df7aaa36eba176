//! What a room of the school offers to the program.

use utoipa_axum::router::OpenApiRouter;

/// One room: its name and what it brings. Built by the room's `module()`.
#[derive(Default)]
pub struct Module {
    /// The room's name, in small letters: `mashup`.
    pub name: &'static str,
    /// Its routes, with their documentation. Their state is set already.
    pub routes: OpenApiRouter,
}

impl Module {
    /// A room that brings nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Brings routes.
    #[must_use]
    pub fn routes(mut self, routes: OpenApiRouter) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }
}

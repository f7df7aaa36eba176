/** What the frame around every page says about who is signed in. */
export const session = {
  session: {
    signIn: "Entrar",
    account: "Tu cuenta",
    menu: "Cuenta de {{name}}",
    profile: "Perfil y seguridad",
    privacy: "Privacidad y tus datos",
    school: "Administración",
    classes: "Tus clases",
    signOut: "Cerrar sesión",
    signOutFailed: "La sesión sigue abierta: {{message}}",
    roles: { guest: "Visitante", student: "Estudiante", parent: "Familia", teacher: "Docente", school_admin: "Administración", super_admin: "Operador", system: "El programa" },
    ended: "Se ha cerrado tu sesión. Lo que hay en esta página se queda como está.",
    lapsed: "Ha pasado un tiempo: tu sesión ya no está abierta.",
    again: "Volver a entrar",
    goOn: "Seguir sin cuenta",
    endedCode: "Tu sesión está cerrada. Vuelve a entrar e inténtalo otra vez.",
  },
  keep: {
    save: "Guardar",
    lead: "La hiciste sin cuenta. Se guarda hasta el {{day}}.",
    leadUndated: "La hiciste sin cuenta. Se guarda siete días.",
    action: "Crear una cuenta para conservarla",
  },
};

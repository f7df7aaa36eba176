/** What the frame around every page says about who is signed in. */
export const session = {
  session: {
    signIn: "Sign in",
    account: "Your account",
    menu: "Account of {{name}}",
    profile: "Profile and security",
    privacy: "Privacy and your data",
    school: "Administration",
    classes: "Your classes",
    signOut: "Sign out",
    signOutFailed: "You are still signed in: {{message}}",
    roles: { guest: "Visitor", student: "Student", parent: "Parent or guardian", teacher: "Teacher", school_admin: "Administrator", super_admin: "Operator", system: "The program" },
    ended: "You have been signed out. What is on this page stays as it is.",
    lapsed: "It has been a while: you are no longer signed in.",
    again: "Sign in again",
    goOn: "Go on without an account",
    endedCode: "You are signed out. Sign in again, and try once more.",
  },
  keep: {
    save: "Save",
    lead: "You made this without an account. It is kept until {{day}}.",
    leadUndated: "You made this without an account. It is kept for seven days.",
    action: "Make an account to keep this for good",
  },
};

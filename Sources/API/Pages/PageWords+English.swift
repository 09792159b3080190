extension PageWords {
  static let english = PageWords(
    code: "Code of the mail", password: "Password", newPassword: "New password", address: "Your address",
    authenticator: "Code of your authenticator, if you have one",
    confirm: Form(
      title: "Confirm your address", words: "Enter the password that you chose when you asked for the account.",
      button: "Confirm", done: "Your account is there: you can sign in."),
    confirmAddress: Form(
      title: "Confirm your new address", words: "From then on mails go there.", button: "Confirm",
      done: "This is your address now."),
    reset: Form(
      title: "Choose a new password", words: "At least ten characters. Whoever is signed in is signed out.",
      button: "Change the password", done: "Your password is changed: sign in with it."),
    joinOrganisation: Form(
      title: "Join an organisation",
      words: "Sign in with the address that was invited; if you are signed in here already, leave that empty.",
      button: "Join", done: "You belong to it now."),
    joinTrip: Form(
      title: "Take part in a trip",
      words: "Sign in with the address that was invited; if you are signed in here already, leave that empty.",
      button: "Take part", done: "You take part now."),
    unsubscribe: Form(
      title: "No more of these mails",
      words: "What guards your account is sent all the same. Everything else is chosen in your preferences.",
      button: "No more of these mails",
      done: "These mails are not sent to you any more. Your preferences switch them on again."),
    withoutScripts: (
      "This page needs scripts. Without them, sign in with a program and send the code of the mail to ", "."
    ),
    faults: Faults(
      code: "This code is not, or no longer, good: ask for another mail.",
      signIn: "Address, password or code of the authenticator are not right.",
      often: "That was tried too often: wait a while.", refused: "That was not accepted.",
      failed: "That did not work; try again."))
}

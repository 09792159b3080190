extension PageWords {
  static let french = PageWords(
    code: "Code du message", password: "Mot de passe", newPassword: "Nouveau mot de passe", address: "Votre adresse",
    authenticator: "Code de votre application d'authentification, si vous en avez une",
    confirm: Form(
      title: "Confirmez votre adresse", words: "Saisissez le mot de passe choisi en demandant le compte.",
      button: "Confirmer", done: "Votre compte est créé : vous pouvez vous connecter."),
    confirmAddress: Form(
      title: "Confirmez votre nouvelle adresse", words: "Les messages y seront désormais envoyés.",
      button: "Confirmer", done: "C'est désormais votre adresse."),
    reset: Form(
      title: "Choisissez un nouveau mot de passe",
      words: "Au moins dix caractères. Toutes les connexions seront fermées.", button: "Changer le mot de passe",
      done: "Votre mot de passe est changé : connectez-vous avec le nouveau."),
    joinOrganisation: Form(
      title: "Rejoindre une organisation",
      words: "Connectez-vous avec l'adresse invitée ; si vous êtes déjà connecté ici, laissez ces champs vides.",
      button: "Rejoindre", done: "Vous en faites maintenant partie."),
    joinTrip: Form(
      title: "Participer à un voyage",
      words: "Connectez-vous avec l'adresse invitée ; si vous êtes déjà connecté ici, laissez ces champs vides.",
      button: "Participer", done: "Vous participez maintenant."),
    unsubscribe: Form(
      title: "Ne plus recevoir ces messages",
      words: "Ce qui protège votre compte est envoyé malgré tout. Le reste se choisit dans vos préférences.",
      button: "Ne plus recevoir ces messages",
      done: "Ces messages ne vous sont plus envoyés. Vos préférences permettent de les réactiver."),
    withoutScripts: (
      "Cette page a besoin de scripts. Sans eux, connectez-vous avec un programme et envoyez le code du message à ",
      "."
    ),
    faults: Faults(
      code: "Ce code n'est pas valable, ou ne l'est plus : demandez un nouveau message.",
      signIn: "L'adresse, le mot de passe ou le code d'authentification n'est pas le bon.",
      often: "Trop d'essais : attendez un peu.", refused: "Cela n'a pas été accepté.",
      failed: "Cela n'a pas fonctionné ; réessayez."))
}

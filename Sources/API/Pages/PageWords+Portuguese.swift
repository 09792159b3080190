extension PageWords {
  static let portuguese = PageWords(
    code: "Código da mensagem", password: "Palavra-passe", newPassword: "Nova palavra-passe",
    address: "O seu endereço", authenticator: "Código do seu autenticador, se tiver um",
    confirm: Form(
      title: "Confirme o seu endereço", words: "Introduza a palavra-passe que escolheu quando pediu a conta.",
      button: "Confirmar", done: "A sua conta está criada: já pode iniciar sessão."),
    confirmAddress: Form(
      title: "Confirme o seu novo endereço", words: "A partir daí as mensagens vão para lá.", button: "Confirmar",
      done: "Este é agora o seu endereço."),
    reset: Form(
      title: "Escolha uma nova palavra-passe",
      words: "Pelo menos dez caracteres. Todas as sessões serão terminadas.", button: "Alterar a palavra-passe",
      done: "A sua palavra-passe foi alterada: inicie sessão com ela."),
    joinOrganisation: Form(
      title: "Juntar-se a uma organização",
      words: "Inicie sessão com o endereço convidado; se já iniciou sessão aqui, deixe vazio.", button: "Juntar-se",
      done: "Agora faz parte dela."),
    joinTrip: Form(
      title: "Participar numa viagem",
      words: "Inicie sessão com o endereço convidado; se já iniciou sessão aqui, deixe vazio.",
      button: "Participar", done: "Agora participa."),
    unsubscribe: Form(
      title: "Não receber mais estas mensagens",
      words: "O que protege a sua conta é enviado na mesma. O resto escolhe-se nas suas preferências.",
      button: "Não receber mais estas mensagens",
      done: "Estas mensagens já não lhe são enviadas. Nas suas preferências pode voltar a ligá-las."),
    withoutScripts: (
      "Esta página precisa de scripts. Sem eles, inicie sessão com um programa e envie o código da mensagem para ",
      "."
    ),
    faults: Faults(
      code: "Este código não é válido, ou já não é: peça outra mensagem.",
      signIn: "O endereço, a palavra-passe ou o código do autenticador não estão certos.",
      often: "Demasiadas tentativas: espere um pouco.", refused: "Isso não foi aceite.",
      failed: "Não funcionou; tente outra vez."))
}

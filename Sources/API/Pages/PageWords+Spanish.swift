extension PageWords {
  static let spanish = PageWords(
    code: "Código del correo", password: "Contraseña", newPassword: "Contraseña nueva", address: "Tu dirección",
    authenticator: "Código de tu autenticador, si tienes uno",
    confirm: Form(
      title: "Confirma tu dirección", words: "Introduce la contraseña que elegiste al pedir la cuenta.",
      button: "Confirmar", done: "Tu cuenta está creada: ya puedes iniciar sesión."),
    confirmAddress: Form(
      title: "Confirma tu nueva dirección", words: "Desde entonces los correos irán allí.", button: "Confirmar",
      done: "Ahora esta es tu dirección."),
    reset: Form(
      title: "Elige una contraseña nueva", words: "Al menos diez caracteres. Se cerrarán todas las sesiones.",
      button: "Cambiar la contraseña", done: "Tu contraseña ha cambiado: inicia sesión con ella."),
    joinOrganisation: Form(
      title: "Unirse a una organización",
      words: "Inicia sesión con la dirección invitada; si ya has iniciado sesión aquí, déjalo vacío.",
      button: "Unirse", done: "Ya formas parte de ella."),
    joinTrip: Form(
      title: "Participar en un viaje",
      words: "Inicia sesión con la dirección invitada; si ya has iniciado sesión aquí, déjalo vacío.",
      button: "Participar", done: "Ya participas."),
    unsubscribe: Form(
      title: "No recibir más estos correos",
      words: "Lo que protege tu cuenta se envía de todos modos. Lo demás se elige en tus preferencias.",
      button: "No recibir más estos correos",
      done: "Ya no se te envían estos correos. En tus preferencias puedes volver a activarlos."),
    withoutScripts: (
      "Esta página necesita scripts. Sin ellos, inicia sesión con un programa y envía el código del correo a ", "."
    ),
    faults: Faults(
      code: "Este código no vale, o ya no: pide otro correo.",
      signIn: "La dirección, la contraseña o el código del autenticador no son correctos.",
      often: "Demasiados intentos: espera un poco.", refused: "No se ha aceptado.",
      failed: "No ha funcionado; inténtalo otra vez."))
}

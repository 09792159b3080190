import Foundation
import TestSupport
import Testing

@testable import wayfare

@Suite("The command line")
struct CommandLineTests {
  @Test(
    "what is typed wrongly ends with exit 2 and one sentence that names it and the mend",
    arguments: [
      (["serv"], "did you mean serve?"),
      (["plan-a-trip"], "wayfare --help"),
      (["serve", "--lisen", "x"], "did you mean --listen?"),
      (["serve", "--listen"], "--listen wants a value"),
      (["serve", "--listen", "a", "--listen", "b"], "given twice"),
      (["serve", "--listen", "8080"], "HOST:PORT"),
      (["serve", "extra"], "\"extra\""),
      (["serve", "--loops", "+3"], "whole number from 1 to 64"),
      (["serve", "--loops", "0"], "whole number from 1 to 64"),
      (["serve", "--log-level", "loud"], "trace, debug, info"),
      (["serve", "--only", "operation"], "did you mean operations?"),
      (["serve", "--cors-origins", "https://a.example/path"], "without a path"),
      (["serve", "--trusted-proxies", "10.0.0.0/99"], "10.0.0.0/8"),
      (["serve", "--database-url", "mysql://x"], "postgresql://"),
      (["serve", "--trace-share", "2"], "from 0 to 1"),
      (["doctor", "--database-connections", "x"], "whole number from 1 to 1000"),
      (["version", "--json=yes"], "takes no value"),
    ])
  func refuses(_ words: [String], _ hint: String) throws {
    let home = TestCluster.makeDirectory("home")
    let result = try ServerProcess.run(words, environment: ["WAYFARE_HOME": home])
    #expect(result.status == 2)
    #expect(result.errors.contains(hint), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test("every command explains itself")
  func helps() throws {
    let overview = try ServerProcess.run(["--help"])
    #expect(overview.status == 0)
    for command in ["up", "serve", "migrate", "doctor", "version"] {
      #expect(overview.output.contains("  \(command) "))
      let help = try ServerProcess.run([command, "--help"])
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: wayfare \(command)"))
    }
    #expect(try ServerProcess.run(["version"]).output == "wayfare \(Version.current)\n")
  }

  @Test("an unwritable data directory, or none known, is named")
  func namesDirectories() throws {
    let blocked = TestCluster.makeDirectory("blocked") + "/file"
    _ = FileManager.default.createFile(atPath: blocked, contents: nil)
    let inside = try ServerProcess.run(["serve", "--home", blocked + "/home"])
    #expect(inside.status == 2)
    #expect(inside.errors.contains(blocked), "\(inside.errors)")
    let none = try ServerProcess.run(["serve"])
    #expect(none.status == 2)
    #expect(none.errors.contains("WAYFARE_HOME"))
  }

  @Test("the doctor finds a sound place sound, and a database that is not there missing")
  func examines() throws {
    let home = TestCluster.makeDirectory("home")
    let sound = try ServerProcess.run(["doctor", "--home", home, "--listen", "127.0.0.1:0"])
    #expect(sound.status == 0, "\(sound.output)")
    #expect(sound.output.contains("All is well."))
    let broken = try ServerProcess.run(
      ["doctor", "--home", home, "--listen", "127.0.0.1:0", "--database-url", "postgresql://me:secret@127.0.0.1:1/x"])
    #expect(broken.status == 1)
    #expect(broken.output.contains("WAYFARE_DATABASE_URL"))
    #expect(!broken.output.contains("secret"))
  }
}

@Suite("Settings")
struct SettingsTests {
  private func settings(_ words: [String], _ environment: [String: String]) throws -> Settings {
    try Settings(try Arguments(words, for: .serve), environment: environment)
  }

  @Test("a flag goes before the environment, that before the file, and that before the default")
  func precedence() throws {
    let file = TestCluster.makeDirectory("settings") + "/file"
    try "# ours\nloops = 2\n\nlog-level=debug\n".write(toFile: file, atomically: true, encoding: .utf8)
    let named = ["WAYFARE_SETTINGS": file]
    #expect(try settings([], [:]).string(.loops) == "1")
    #expect(try settings([], named).string(.loops) == "2")
    #expect(try settings([], named.merging(["WAYFARE_LOOPS": "3"]) { $1 }).string(.loops) == "3")
    #expect(try settings(["--loops", "4"], named.merging(["WAYFARE_LOOPS": "3"]) { $1 }).string(.loops) == "4")
    #expect(try settings([], named.merging(["WAYFARE_LOOPS": ""]) { $1 }).string(.loops) == "2")
    #expect(try settings([], named).string(.logLevel) == "debug")
  }

  @Test("an error names the place where the value was given")
  func namesPlaces() throws {
    let file = TestCluster.makeDirectory("settings") + "/file"
    for (text, hint) in [
      ("loops = 2\nlisen = x\n", "\(file):2: there is no setting \"lisen\"; did you mean listen?"),
      ("loops 2\n", "\(file):1: \"loops 2\" is not of the form setting = value"),
    ] {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let error = #expect(throws: UsageError.self) { try settings([], ["WAYFARE_SETTINGS": file]) }
      #expect(error?.description == hint)
    }
    let missing = #expect(throws: UsageError.self) { try settings([], ["WAYFARE_SETTINGS": "/nowhere/at/all"]) }
    #expect(missing?.description.contains("/nowhere/at/all") == true)
    let misspelt = #expect(throws: UsageError.self) { try settings([], ["WAYFARE_DATBASE_URL": "x"]) }
    #expect(misspelt?.description.contains("did you mean WAYFARE_DATABASE_URL?") == true)
    #expect(throws: Never.self) {
      try settings([], ["WAYFARE_STRICT": "1", "WAYFARE_BINARY": "x", "WAYFARE_FUZZ": "1"])
    }
    let variable = try settings([], ["WAYFARE_LOOPS": "many"])
    let error = #expect(throws: UsageError.self) { try variable.int(.loops, in: 1...64) }
    #expect(error?.description.hasPrefix("WAYFARE_LOOPS: \"many\"") == true)
  }

  @Test("the data directory is where HOME says unless told otherwise, and never relative")
  func home() throws {
    #expect(try settings([], [:]).home(environment: ["HOME": "/home/me"]) == "/home/me/.local/share/wayfare")
    #expect(try settings(["--home", "/data/"], [:]).home(environment: [:]) == "/data")
    #expect(try settings(["--home", "data"], [:]).home(environment: [:]).hasSuffix("/data"))
    #expect(throws: UsageError.self) { try settings([], [:]).home(environment: [:]) }
  }
}

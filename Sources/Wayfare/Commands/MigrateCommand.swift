import Postgres
import Store
import Telemetry

extension Command {
  /// The command `wayfare migrate`.
  static let migrate = Command(
    name: "migrate", summary: "bring the database's schema up to date",
    discussion: "Safe to run at any time and from several places at once; each migration is applied once.",
    settings: Setting.database + Setting.log
  ) { arguments in
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let applied = try await Migrations(Schema.migrations, on: database.client).apply()
        await database.close(runtime)
        for name in applied { print("applied \(name)") }
        print("the schema is up to date at migration \(Schema.migrations.count)")
        return .done
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }
}

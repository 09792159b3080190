import Glibc

/// What an import of feeds leaves in a folder of this program's own.
enum TransitFolder {
  /// Removes it with the folder.
  static func remove(_ home: String) {
    let folder = home + "/transit"
    if let target = realpath(folder + "/current", nil) {
      unlink(String(cString: target) + "/graph.sqlite")
      unlink(String(cString: target) + "/timetable.bin")
      rmdir(target)
      free(target)
    }
    for name in ["current", "import.lock"] { unlink(folder + "/" + name) }
    rmdir(folder)
    rmdir(home)
  }
}

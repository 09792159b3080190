import API
import JSON
import Kernel
import Store
import Worker

/// What files ask of the queue.
enum JobFile {
  /// Reads a file of JSON; whatever is wrong is told with the file's name.
  static func read<Value>(_ path: String, _ reading: (JSONNode) throws(JSONError) -> Value) throws(UsageError) -> Value
  {
    guard let text = readTextFile(path, limit: JobRequest.bytesMax) else {
      throw UsageError("\(path): cannot be read, or is larger than \(JobRequest.bytesMax) bytes")
    }
    do throws(JSONError) {
      return try reading(try JSONDocument(text: text).root)
    } catch {
      throw UsageError("\(path): \(error)")
    }
  }

  /// Reads a schedule: when, in which zone's time, and which job.
  static func schedule(_ json: JSONNode, name: String, _ kinds: [JobKind]) throws(JSONError) -> ScheduleRequest {
    let object = try json.object(required: "pattern", "zone", "job")
    let patternText = try object.required("pattern", length: 1...200)
    let pattern: CronPattern
    do throws(CronError) {
      pattern = try CronPattern(patternText)
    } catch {
      throw (object.find("pattern") ?? json).invalid("is no pattern: \(error)")
    }
    let zoneText = try object.required("zone", length: 1...100)
    let zone: ZoneRules
    do throws(ZoneError) {
      zone = try ZoneFiles.system.rules(named: zoneText)
    } catch {
      throw (object.find("zone") ?? json).invalid("is no time zone of this machine: write one like Europe/Paris or UTC")
    }
    let jobNode = object.find("job") ?? json
    // A schedule keeps these; what else a job may say would be lost, and is refused.
    _ = try jobNode.object(fields: "kind", "payload", "queue", "priority")
    let job = try JobRequest.read(jobNode, kinds: kinds)
    return ScheduleRequest(
      name: name, patternText: patternText, pattern: pattern, zoneText: zoneText, zone: zone, job: job)
  }
}

/// A schedule as a file asks for it; its first time counts from the database's now.
struct ScheduleRequest: Sendable {
  let name: String
  let patternText: String
  let pattern: CronPattern
  let zoneText: String
  let zone: ZoneRules
  let job: NewJob

  func schedule(after now: Instant) throws(UsageError) -> JobSchedule {
    guard let nextAt = pattern.next(after: now, in: zone) else {
      throw UsageError("\"\(patternText)\" never comes, as 30 February does not; change its days or months")
    }
    return JobSchedule(name: name, pattern: patternText, zone: zoneText, job: job, nextAt: nextAt)
  }
}

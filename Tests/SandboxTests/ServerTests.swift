import Foundation
import Glibc
import Synchronization
import Testing

@testable import Sandbox

@Suite struct ServerTests {
  @Test func aServerAnswersOnAPortThatTheSystemChose() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 50, businesses: 2)) { address, sandbox in
      #expect(address.baseURL == "http://127.0.0.1:\(address.port)")
      #expect(address.port > 0)
      let target = "/contacts/business/\(sandbox.data.businessID(at: 0))?locationId=\(address.location)&limit=5"
      let answer = try await PlainClient.get(port: address.port, target, token: address.token)
      #expect(answer.hasPrefix("HTTP/1.1 200"))
      #expect(answer.contains("X-RateLimit-Daily-Remaining: 199999\r\n"))
      #expect(answer.contains("\"id\":\"\(sandbox.data.contactID(at: 0))\""))
      #expect(answer.contains("\"traceId\":"))
      let body = "{\"locationId\":\"\(address.location)\",\"pageLimit\":1}"
      let found = try await PlainClient.send(
        port: address.port,
        "POST /contacts/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(address.token)\r\nVersion: v3\r\n"
          + "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
      #expect(found.contains("\"total\":50"))
      let refused = try await PlainClient.get(port: address.port, target, token: "pit-x")
      #expect(refused.hasPrefix("HTTP/1.1 401"))
      let statistics = sandbox.statistics
      #expect(statistics.requests == 3)
      #expect(statistics.byRoute["GET /contacts/business/{businessId}"] == 2)
      #expect(statistics.byStatus == [200: 2, 401: 1])
      #expect(statistics.maximumConcurrent >= 1)
    }
  }

  @Test func `the server hands over the body of a DELETE`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1)) { address, sandbox in
      func ask(_ method: String, _ body: String) async throws -> String {
        try await PlainClient.send(
          port: address.port,
          "\(method) /contacts/\(sandbox.data.contactID(at: 0))/followers HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: Bearer \(address.token)\r\nVersion: v3\r\nConnection: close\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
      }
      let added = try await ask("POST", #"{"followers":["u1","u2"]}"#)
      #expect(added.hasPrefix("HTTP/1.1 201") && added.contains(#""followersAdded":["u1","u2"]"#))
      let removed = try await ask("DELETE", #"{"followers":["u1"]}"#)
      #expect(removed.hasPrefix("HTTP/1.1 200") && removed.contains(#""followersRemoved":["u1"]"#))
      #expect(try await ask("DELETE", "").hasPrefix("HTTP/1.1 422"))
      #expect(sandbox.statistics.byRoute["DELETE /contacts/{contactId}/followers"] == 2)
    }
  }

  @Test func manyRequestsAtOnceAreAnswered() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 50, businesses: 2)) { address, sandbox in
      let good = try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<30 {
          group.addTask {
            let target = "/contacts/" + sandbox.data.contactID(at: index)
            return try await PlainClient.get(port: address.port, target, token: address.token).hasPrefix("HTTP/1.1 200")
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(good == 30)
      #expect(sandbox.statistics.requests == 30)
    }
  }

  @Test func disconnectsAreSeenByTheClient() async throws {
    var options = SandboxOptions(contacts: 50, businesses: 2)
    options.faults = try FaultPlan(["disconnect=1"])
    try await SandboxServer.withServer(options) { address, sandbox in
      var lengths: [Int] = []
      for index in 0..<12 {
        let answer = try await PlainClient.get(
          port: address.port, "/contacts/" + sandbox.data.contactID(at: index), token: address.token)
        #expect(!answer.hasSuffix("}"))
        lengths.append(answer.utf8.count)
      }
      #expect(lengths.contains(0) && lengths.contains { $0 > 0 })
    }
  }

  @Test func cancellationStopsARunningServer() async throws {
    let (ready, signal) = AsyncStream.makeStream(of: SandboxAddress.self)
    let task = Task { try await SandboxServer.run(SandboxOptions(contacts: 10, businesses: 1)) { signal.yield($0) } }
    var port = 0
    for await address in ready {
      port = address.port
      break
    }
    #expect(try await PlainClient.get(port: port, "/x", token: "y").hasPrefix("HTTP/1.1 401"))
    let listener = try #require(Self.listeners(onPort: port).first)
    task.cancel()
    try await task.value
    // Its own socket is closed. Whether somebody takes connections at its port says nothing: the system may have given it to another
    // server since, and a program that another test started may have inherited the socket.
    #expect(!Self.listeners(onPort: port).contains(listener))
  }

  /// The numbers of the sockets of this process that wait for connections there. The system gives a number only once.
  private static func listeners(onPort port: Int) -> Set<ino_t> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    var found: Set<ino_t> = []
    for descriptor in names.compactMap({ Int32($0) }) {
      var (isListening, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
      guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening == 1 else { continue }
      var address = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isNamed = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
      }
      var status = stat()
      guard isNamed, Int(UInt16(bigEndian: address.sin_port)) == port, fstat(descriptor, &status) == 0 else { continue }
      found.insert(status.st_ino)
    }
    return found
  }

  @Test func anErrorOfTheBodyComesOut() async throws {
    struct Broken: Error {}
    await #expect(throws: Broken.self) {
      try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1)) { _, _ in throw Broken() }
    }
  }
}

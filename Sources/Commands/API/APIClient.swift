import Core
import GHL
import HTTP
import Pipeline
import PipelineFile

extension CommandContext {
  /// Runs `body` with a client for the location that options, project and environment name, in this order.
  func withClient<Value: Sendable>(
    _ options: LocationOptions, _ body: (GHLClient) async throws -> Value
  ) async throws -> Value {
    let progress = ProgressLine(console)
    let client = try GHLClient(configuration(options), observer: progress)
    do {
      let value = try await body(client)
      await client.close()
      return value
    } catch {
      await client.close()
      throw error
    }
  }

  func configuration(_ options: LocationOptions) throws -> GHLConfiguration {
    let document = projectSource
    guard let location = options.location ?? document?.location ?? environmentValue("GHL_LOCATION") else {
      throw OperationFailure(
        .configuration, "no location is known: pass --location, set GHL_LOCATION, or use a project (--project)")
    }
    let baseURL = options.baseURL ?? document?.baseURL ?? environmentValue("GHL_BASE_URL") ?? GHLConfiguration.defaultBaseURL
    var configuration = GHLConfiguration(
      baseURL: baseURL, location: location, token: try token(document),
      fallbackToken: try? document?.fallback?.resolve(environment: environment))
    document?.requests.apply(to: &configuration)
    return configuration
  }

  /// The token that the project names; if there is none, that of `GHL_TOKEN`.
  private func token(_ document: GHLSourceDocument?) throws -> Secret {
    if let reference = document?.token {
      do {
        return try reference.resolve(environment: environment)
      } catch {
        guard let token = environmentValue("GHL_TOKEN") else { throw error }
        return Secret(token)
      }
    }
    guard let token = environmentValue("GHL_TOKEN") else {
      throw OperationFailure(
        .configuration,
        "no token is known: set GHL_TOKEN to the location's private integration token, or use a project (--project)")
    }
    return Secret(token)
  }

  /// These commands work before a project is valid: errors in waybill.yaml are for `check` to report.
  private var projectSource: GHLSourceDocument? {
    guard case .ghl(let source)? = PipelineDocument.load(path: pipelinePath, environment: environment).document?.source else {
      return nil
    }
    return source
  }
}

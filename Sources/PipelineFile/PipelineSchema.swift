package import Core
import Mapping

/// The JSON Schema of pipeline files, as `waybill schema pipeline` prints it.
package enum PipelineSchema {
  package static var json: JSONValue {
    var schema = KeywordSchema(
      title: "Waybill pipeline",
      summary: "Where records come from, the mappings that they go through, where they go, and under which conditions.",
      document: PipelineKeywords.document)
    schema.allowsVariables = true
    return schema.json
  }
}

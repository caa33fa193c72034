/// The version of this program, as `waybill --version` prints it.
package enum WaybillVersion {
  package static let current = "0.1.0"
}

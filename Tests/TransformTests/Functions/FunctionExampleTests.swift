import Core
import Testing

@testable import Transform

@Suite struct FunctionExampleTests {
  @Test(arguments: FunctionLibrary.standard.functions.map(\.name))
  func `the examples of a function give the documented results`(name: String) throws {
    for example in try #require(FunctionLibrary.standard.find(name)).examples {
      let result = try evaluate(example.step, after: example.before, on: example.input)
      #expect(result.error == example.error, "\(example.step) on \(example.input)")
      if let output = example.output {
        #expect(result.output == (try JSONReader.read(output)).text, "\(example.step) on \(example.input)")
      }
    }
  }

  @Test(arguments: FunctionLibrary.standard.functions.filter { !$0.takesList }.map(\.name))
  func `a function of null is null and no function takes an object`(name: String) throws {
    let step = try #require(FunctionLibrary.standard.find(name)?.examples.first?.step)
    #expect(try evaluate(step, on: "null").output == "null")
    #expect(try evaluate(step, on: #"{"a":1}"#).error == .wrongType)
  }
}

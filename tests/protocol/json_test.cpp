#include "inference/protocol/json.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

using namespace ponder;
using namespace ponder::protocol;

namespace {

// What is sent is exactly this line, and reading it gives a message that is sent the same way.
void golden(const Request& request, const std::string& line) {
    CHECK(toJson(request) == line);
    const auto read = parseRequest(line);
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    CHECK(read->body.index() == request.body.index());
    CHECK(toJson(*read) == line);
}
void golden(const Event& event, const std::string& line) {
    CHECK(toJson(event) == line);
    const auto read = parseEvent(line);
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    CHECK(read->body.index() == event.body.index());
    CHECK(toJson(*read) == line);
}

std::string complaint(const std::string& line) {
    const auto request = parseRequest(line);
    if (request.ok()) return "accepted";
    CHECK(request.error().code == ErrorCode::Protocol);
    CHECK(request.error().message.find('\n') == std::string::npos);
    return request.error().message;
}

ModelSummary someModel() {
    ModelSummary model;
    model.path = "/models/\xc3\xa4 \"q\".gguf";
    model.name = "R1 Distill";
    model.architecture = "qwen2";
    model.quantization = "Q4_K";
    model.sizeBytes = 4683073344;
    model.parameters = 7615616512;
    model.layers = 28;
    model.contextTrained = 131072;
    model.runnable = false;
    model.refusal = "no";
    return model;
}
const std::string kModel = "{\"path\":\"/models/\xc3\xa4 \\\"q\\\".gguf\",\"name\":\"R1 "
                           "Distill\",\"architecture\":\"qwen2\",\"quantization\":\"Q4_K\","
                           "\"size_bytes\":4683073344,\"parameters\":7615616512,\"layers\":28,\"context_"
                           "trained\":131072,\"runnable\":false,"
                           "\"refusal\":\"no\"}";

PlanSummary somePlan() {
    PlanSummary plan;
    plan.device = "llvmpipe";
    plan.context = 32768;
    plan.weightBytes = 1;
    plan.cacheBytes = 2;
    plan.scratchBytes = 3;
    plan.hostBytes = 4;
    plan.availableBytes = 5;
    plan.fits = true;
    plan.verdict = "Fits.";
    plan.expectedTokensPerSecond = 61.5;
    plan.diskBytes = 6;
    plan.experts = 7;
    plan.expertsOnDevice = 8;
    plan.hostLayers = 9;
    plan.warning = "Slow.";
    return plan;
}
const std::string kPlan =
    R"({"device":"llvmpipe","context":32768,"weight_bytes":1,"cache_bytes":2,"scratch_bytes":3,"host_bytes":4,)"
    R"("available_bytes":5,"fits":true,"verdict":"Fits.","expected_tokens_per_second":61.5,)"
    R"("disk_bytes":6,"experts":7,"experts_on_device":8,"host_layers":9,"warning":"Slow."})";

const std::string kDevice =
    R"({"name":"GPU","device":"vulkan:0","driver":"1.2","memory_bytes":85520809984,"free_bytes":7,"software":true})";
const DeviceSummary kSomeDevice{"GPU", "vulkan:0", "1.2", 85520809984, 7, true};

} // namespace

TEST_CASE("requests, as they go over the wire") {
    golden(Request{"1", LoadRequest{"/m.gguf", {"vulkan:1", 8192, 1, 2, true, Experts::Host, Cache::Q8}}},
           R"({"v":1,"type":"load","id":"1","path":"/m.gguf","options":{"device":"vulkan:1","context":8192,)"
           R"("vram_budget":1,"ram_budget":2,"precise":true,"experts":"host","cache":"q8"}})");
    golden(Request{"2", InspectRequest{"/m.gguf", {}}},
           R"({"v":1,"type":"inspect","id":"2","path":"/m.gguf","options":{"device":"","context":0,)"
           R"("vram_budget":0,"ram_budget":0,"precise":false,"experts":"auto","cache":"f16"}})");
    golden(Request{"3", UnloadRequest{}}, R"({"v":1,"type":"unload","id":"3"})");
    GenerateRequest generate;
    generate.messages = {
        {Role::System, "s", {}}, {Role::User, "line\nbreak", {}}, {Role::Assistant, "a", {1, 2}}};
    generate.continueIds = {5, -6};
    generate.closeThought = true;
    generate.think = false;
    generate.maxTokens = 10;
    generate.sampling = {0.25f, 0.9f, 40, 0.05f, 1.1f, 32, std::numeric_limits<uint64_t>::max()};
    golden(
        Request{"4", generate},
        R"({"v":1,"type":"generate","id":"4","messages":[{"role":"system","content":"s","ids":[]},)"
        R"({"role":"user","content":"line\nbreak","ids":[]},{"role":"assistant","content":"a","ids":[1,2]}],)"
        R"("continue_ids":[5,-6],"close_thought":true,"think":false,"max_tokens":10,"sampling":{"temperature":0.25,)"
        R"("top_p":0.9,"top_k":40,"min_p":0.05,"repetition_penalty":1.1,"penalty_window":32,"seed":"18446744073709551615"}})");
    golden(
        Request{"5", CountRequest{"text", {{Role::User, "q", {}}}, false}},
        R"({"v":1,"type":"count","id":"5","text":"text","messages":[{"role":"user","content":"q","ids":[]}],"think":false})");
    golden(Request{"6", StopRequest{"4"}}, R"({"v":1,"type":"stop","id":"6","target":"4"})");
    golden(Request{"7", DevicesRequest{}}, R"({"v":1,"type":"devices","id":"7"})");
    golden(Request{"8", ShutdownRequest{}}, R"({"v":1,"type":"shutdown","id":"8"})");
}

TEST_CASE("events, as they go over the wire") {
    golden(Event{"", HelloEvent{1, "ponder-engine", {kSomeDevice}}},
           R"({"v":1,"type":"hello","program":"ponder-engine","devices":[)" + kDevice + "]}");
    golden(
        Event{"1", LoadProgressEvent{"reading", 5, 9007199254740991}},
        R"({"v":1,"type":"load_progress","id":"1","stage":"reading","done_bytes":5,"total_bytes":9007199254740991})");
    golden(Event{"1", LoadedEvent{someModel(), somePlan(), 1.5}},
           R"({"v":1,"type":"loaded","id":"1","model":)" + kModel + R"(,"plan":)" + kPlan +
               R"(,"seconds":1.5})");
    golden(Event{"1", InspectedEvent{someModel(), somePlan()}},
           R"({"v":1,"type":"inspected","id":"1","model":)" + kModel + R"(,"plan":)" + kPlan + "}");
    golden(Event{"1", UnloadedEvent{}}, R"({"v":1,"type":"unloaded","id":"1"})");
    golden(
        Event{"1", StartedEvent{7, 5, 4096, Channel::Thought}},
        R"({"v":1,"type":"started","id":"1","prompt_tokens":7,"cached_tokens":5,"context":4096,"opens":"thought"})");
    golden(Event{"1", PrefillProgressEvent{64, 128}},
           R"({"v":1,"type":"prefill_progress","id":"1","done_tokens":64,"total_tokens":128})");
    golden(Event{"1", TokenEvent{Channel::Answer, "\xe2\x82\xac\t\"", 151643}},
           "{\"v\":1,\"type\":\"token\",\"id\":\"1\",\"channel\":\"answer\",\"text\":\"\xe2\x82\xac\\t\\\"\","
           "\"token\":151643}");
    GenerationStats stats{1, 2, 3, 4, 0.5, 1.5, 2.5, 3.5, 4.5, 10, 4096, 96, 0.75};
    const std::string statsText =
        R"({"prompt_tokens":1,"cached_tokens":2,"thought_tokens":3,"answer_tokens":4,"prefill_seconds":0.5,)"
        R"("thought_seconds":1.5,"answer_seconds":2.5,"prefill_tokens_per_second":3.5,"tokens_per_second":4.5,)"
        R"("context_used":10,"context":4096,"expert_pairs":96,"expert_device_share":0.75})";
    const std::pair<FinishReason, std::string> reasons[] = {{FinishReason::Stop, "stop"},
                                                            {FinishReason::Length, "length"},
                                                            {FinishReason::Cancelled, "cancelled"},
                                                            {FinishReason::Error, "error"}};
    for (const auto& [reason, name] : reasons)
        golden(Event{"1", DoneEvent{reason, stats}},
               R"({"v":1,"type":"done","id":"1","reason":")" + name + R"(","stats":)" + statsText + "}");
    golden(Event{"1", CountedEvent{17}}, R"({"v":1,"type":"counted","id":"1","tokens":17})");
    golden(Event{"1", StoppedEvent{}}, R"({"v":1,"type":"stopped","id":"1"})");
    golden(Event{"1", DevicesEvent{{}}}, R"({"v":1,"type":"devices","id":"1","devices":[]})");
    golden(Event{"1", ByeEvent{}}, R"({"v":1,"type":"bye","id":"1"})");
    golden(Event{"1", ErrorEvent{ErrorCode::ContextFull, "too long"}},
           R"({"v":1,"type":"error","id":"1","code":"context_full","message":"too long"})");
    golden(Event{"", FatalEvent{ErrorCode::DeviceLost, "lost"}},
           R"({"v":1,"type":"fatal","code":"device_lost","message":"lost"})");
    const std::pair<EngineState, std::string> states[] = {{EngineState::Idle, "idle"},
                                                          {EngineState::Loading, "loading"},
                                                          {EngineState::Prefilling, "prefilling"},
                                                          {EngineState::Generating, "generating"}};
    for (const auto& [state, name] : states)
        golden(Event{"", HeartbeatEvent{state, 12345}},
               R"({"v":1,"type":"heartbeat","state":")" + name + R"(","uptime_ms":12345})");
}

TEST_CASE("every error code has a name of its own") {
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        CHECK_FALSE(errorCodeName(code).empty());
        CHECK(errorCodeFromName(errorCodeName(code)) == code);
    }
    CHECK(errorCodeFromName("from the future") == ErrorCode::Internal);
}

TEST_CASE("what is absent has its default, what is unknown is ignored, null is absent") {
    const auto request = parseRequest(
        R"({"type":"generate","id":"x","v":1,"messages":[{"role":"user"}],"sampling":{"temperature":null,"mood":[[]]},"new":{}})");
    REQUIRE(request.ok());
    const auto& generate = std::get<GenerateRequest>(request->body);
    CHECK(generate.sampling == SamplingParams{});
    CHECK(generate.think);
    CHECK(generate.maxTokens == 32768);
    CHECK(generate.messages.size() == 1);
    // A seed is text on the wire, as it may pass 2^53; a number is taken too.
    CHECK(std::get<GenerateRequest>(
              parseRequest(R"({"v":1,"type":"generate","messages":[],"sampling":{"seed":7}})")->body)
              .sampling.seed == 7);
}

TEST_CASE("a hello of another version is read, so that its receiver can say so") {
    const auto hello = parseEvent(R"({"v":2,"type":"hello","program":"p"})");
    REQUIRE(hello.ok());
    CHECK(std::get<HelloEvent>(hello->body).version == 2);
    CHECK_FALSE(parseEvent(R"({"v":2,"type":"bye"})").ok());
}

TEST_CASE("malformed lines are refused with the reason") {
    CHECK(complaint("").find("not JSON") != std::string::npos);
    CHECK(complaint("{").find("not JSON") != std::string::npos);
    CHECK(complaint("hello").find("not JSON") != std::string::npos);
    CHECK(complaint("{} {}").find("not JSON") != std::string::npos);
    CHECK(complaint(std::string("{\"v\":1,\"type\":\"stop\",\"target\":\"\0\"}", 34)).find("not JSON") !=
          std::string::npos);
    CHECK(complaint("{\"v\":1,\"type\":\"stop\",\"target\":\"\xff\"}").find("not JSON") != std::string::npos);
    CHECK(complaint("[]") == "the line is not a JSON object");
    CHECK(complaint("17") == "the line is not a JSON object");
    CHECK(complaint("{}") == "\"v\" is missing");
    CHECK(complaint(R"({"v":1})") == "\"type\" is missing");
    CHECK(complaint(R"({"v":2,"type":"devices"})") ==
          "the line is of protocol version 2, this program speaks 1");
    CHECK(complaint(R"({"v":"1","type":"devices"})").find("\"v\" must be a whole number") == 0);
    CHECK(complaint(R"({"v":1,"type":"dance"})") == "unknown type \"dance\"");
    CHECK(complaint(R"({"v":1,"type":"da\nce"})") == "unknown type \"da?ce\"");
    CHECK(complaint(R"({"v":1,"type":"token","channel":"answer","text":"","token":1})") ==
          "unknown type \"token\"");
    CHECK(complaint(R"({"v":1,"type":"load"})") == "load: \"path\" is missing");
    CHECK(complaint(R"({"v":1,"type":"load","path":5})") == "load: \"path\" must be a string");
    CHECK(complaint(R"({"v":1,"type":"load","path":"","options":[]})") ==
          "load: \"options\" must be an object");
    CHECK(complaint(R"({"v":1,"type":"load","path":"","options":{"precise":1}})") ==
          "load: \"options.precise\" must be true or false");
    CHECK(complaint(R"({"v":1,"type":"load","path":"","options":{"context":-1}})") ==
          "load: \"options.context\" must be a whole number from 0 to 4294967295");
    CHECK(complaint(R"({"v":1,"type":"load","path":"","options":{"context":4294967296}})").find("4294967295") !=
          std::string::npos);
    CHECK(complaint(R"({"v":1,"type":"load","path":"","options":{"context":1.5}})").find("whole number") !=
          std::string::npos);
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[{"role":"user"},{"role":"judge"}]})") ==
          "generate: \"messages[1].role\" must be one of system, user, assistant");
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[{"content":"x"}]})") ==
          "generate: \"messages[0].role\" is missing");
    CHECK(complaint(R"({"v":1,"type":"generate","messages":{}})") ==
          "generate: \"messages\" must be an array");
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[],"continue_ids":[1,2147483648]})")
              .find("continue_ids[1]") != std::string::npos);
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[],"sampling":{"temperature":"hot"}})") ==
          "generate: \"sampling.temperature\" must be a number");
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[],"sampling":{"temperature":1e300}})") ==
          "generate: \"sampling.temperature\" must be a finite number");
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[],"sampling":{"temperature":1e999}})")
              .find("cannot be read") != std::string::npos);
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[],"sampling":{"seed":"-1"}})")
              .find("decimal number") != std::string::npos);
    CHECK(complaint(R"({"v":1,"type":"generate","messages":[],"sampling":{"seed":"18446744073709551616"}})")
              .find("decimal") != std::string::npos);
}

TEST_CASE("deep and long lines are refused before they are read") {
    for (const char* open : {"[", "{\"a\":"})
        for (const int depth : {17, 1000, 1000000}) {
            std::string line = R"({"v":1,"type":"devices","x":)";
            for (int i = 0; i < depth; ++i) line += open;
            CHECK(complaint(line) == "the line nests deeper than 16 levels");
        }
    const std::string brackets(100, '[');
    CHECK(complaint(R"({"v":1,"type":"devices","x":")" + brackets + R"(\"[[[[[[[[[[[[[[[[[["})") ==
          "accepted"); // in a string
    CHECK(complaint(std::string(kMaxLineBytes + 1, ' ')).find("bytes long") != std::string::npos);
}

TEST_CASE("the id of a refused line is found where there is one") {
    CHECK(idOfLine(R"({"id":"a","type":7})") == "a");
    CHECK(idOfLine(R"({"id":7})").empty());
    CHECK(idOfLine(R"({"type":"load"})").empty());
    CHECK(idOfLine("garbage").empty());
}

TEST_CASE("text that is not UTF-8 and numbers that are none are still sent as JSON") {
    const auto event = parseEvent(toJson(Event{"\xff", TokenEvent{Channel::Answer, "a\xc3", 1}}));
    REQUIRE(event.ok());
    CHECK(std::get<TokenEvent>(event->body).text == "a\xef\xbf\xbd");
    LoadedEvent loaded;
    loaded.seconds = std::nan("");
    loaded.plan.expectedTokensPerSecond = std::numeric_limits<double>::infinity();
    CHECK(parseEvent(toJson(Event{"1", loaded})).ok());
}

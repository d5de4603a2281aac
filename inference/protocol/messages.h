#pragma once
// What window and engine say to each other, as plain structs; json.h has their text form: one JSON object a line, UTF-8,
// window -> engine on standard input, engine -> window on standard output. Values; no threads.
//
// Version 1. The engine speaks first: {"v":1,"type":"hello",...}. Every request has an id that its sender chose, every
// event that answers one carries the same id. A request ends with exactly one of its final events (marked *) or "error".
//
//   request                                  events
//   load     path, options                   load_progress…, loaded*
//   inspect  path, options                   inspected*             (header only: what it is and the plan; loads nothing)
//   unload                                   unloaded*
//   generate messages, sampling, …           started, prefill_progress…, token…, done*
//   count    text or messages                counted*               (exact number of tokens of the loaded model)
//   stop     target (id of load or generate) stopped*               (the target ends with done/cancelled or error/cancelled)
//   devices                                  devices*
//   shutdown                                 bye*
//
// Unasked: "heartbeat" once a second, with the state, from a thread that the driver cannot block; "fatal" before the
// engine ends itself (a lost device), with code and message. Unknown types answer "error" with code "protocol"; unknown
// fields are ignored. Numbers that may pass 2^53 are never sent. The end of standard input ends the engine within 2 s.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/base/result.h"

namespace ponder::protocol {

inline constexpr int kVersion = 1;

enum class Channel { Thought, Answer };
enum class Role { System, User, Assistant };
enum class FinishReason { Stop, Length, Cancelled, Error };
enum class Experts { Auto, Host, Device }; // of a mixture: what fits on the device, none there, all there
enum class Cache { F16, Q8 }; // Q8: in 8 bits, on a Vulkan device alone, and not for latent attention
enum class EngineState { Idle, Loading, Prefilling, Generating };

// R1's own defaults (deepseek-ai/DeepSeek-R1, README, usage recommendations).
struct SamplingParams {
    float temperature = 0.6f;       // 0: greedy
    float topP = 0.95f;             // 1: off
    int topK = 0;                   // 0: off
    float minP = 0.0f;              // 0: off
    float repetitionPenalty = 1.0f; // 1: off
    int penaltyWindow = 64;         // tokens looked back upon
    uint64_t seed = 0;              // used as it is; the same seed and settings give the same tokens
    bool operator==(const SamplingParams&) const = default;
};

struct Message {
    Role role = Role::User;
    std::string content;
    std::vector<int32_t> ids; // of an assistant: the stored ids of its answer, if any
    bool operator==(const Message&) const = default;
};

struct LoadOptions {
    std::string device;      // "vulkan:0" or "cpu"; empty: the first of those that hello lists
    uint32_t context = 0;    // tokens; 0: the least of the file's, 32,768, and what fits
    uint64_t vramBudget = 0; // bytes; 0: what the device offers
    uint64_t ramBudget = 0;
    bool precise = false;
    Experts experts = Experts::Auto;
    Cache cache = Cache::F16;
    bool operator==(const LoadOptions&) const = default;
};

// -- requests -------------------------------------------------------------------------------------------------------
struct LoadRequest {
    std::string path;
    LoadOptions options;
};
struct InspectRequest {
    std::string path;
    LoadOptions options;
};
struct UnloadRequest {};
struct GenerateRequest {
    std::vector<Message> messages;
    std::vector<int32_t> continueIds; // ids of an answer begun earlier (thought included), to go on from
    // Where those ids end within a thought: end it as the layout does, and answer. What that takes comes as the first
    // tokens, so that the ids of the answer are whole.
    bool closeThought = false;
    bool think = true; // open a thought; false: the answer begins at once
    uint32_t maxTokens = 32768;
    SamplingParams sampling;
};
struct CountRequest {
    std::string text;
    std::vector<Message> messages; // as the whole prompt that they would become
    bool think = true;             // of that prompt
};
struct StopRequest {
    std::string target;
};
struct DevicesRequest {};
struct ShutdownRequest {};

using RequestBody = std::variant<LoadRequest, InspectRequest, UnloadRequest, GenerateRequest, CountRequest,
                                 StopRequest, DevicesRequest, ShutdownRequest>;
struct Request {
    std::string id;
    RequestBody body;
};

// -- events ---------------------------------------------------------------------------------------------------------
struct DeviceSummary {
    std::string name; // "NVIDIA H100 80GB HBM3"
    std::string id;   // "vulkan:0", "cpu"
    std::string driver;
    uint64_t memoryBytes = 0; // device-local
    uint64_t freeBytes = 0;   // budget left now
    bool software = false;
};

// What a file is, for people and for the chip in the window.
struct ModelSummary {
    std::string path, name, architecture, quantization; // quantization: of most bytes, "Q4_K"
    uint64_t sizeBytes = 0, parameters = 0;
    uint32_t layers = 0, contextTrained = 0;
    bool runnable = true;
    std::string refusal; // why not, in one sentence
};

struct PlanSummary {
    std::string device;
    uint32_t context = 0;
    uint64_t weightBytes = 0, cacheBytes = 0, scratchBytes = 0, hostBytes = 0, availableBytes = 0;
    bool fits = false;
    std::string verdict;                       // one sentence with the numbers
    double expectedTokensPerSecond = 0;        // 0: not known
    uint64_t diskBytes = 0;                    // of the weights, read whenever they are needed
    uint32_t experts = 0, expertsOnDevice = 0; // of all layers together; 0: it is no mixture
    uint32_t hostLayers = 0;                   // whole ones, computed by the CPU
    std::string warning;                       // one sentence: what will be slow; empty: nothing
};

struct HelloEvent {
    int version = kVersion;
    std::string program;
    std::vector<DeviceSummary> devices;
};
struct LoadProgressEvent {
    std::string stage;
    uint64_t doneBytes = 0, totalBytes = 0;
}; // stage: reading|preparing|pipelines
struct LoadedEvent {
    ModelSummary model;
    PlanSummary plan;
    double seconds = 0;
};
struct InspectedEvent {
    ModelSummary model;
    PlanSummary plan;
};
struct UnloadedEvent {};
struct StartedEvent {
    uint32_t promptTokens = 0, cachedTokens = 0, context = 0;
    Channel opens = Channel::Answer;
};
struct PrefillProgressEvent {
    uint32_t doneTokens = 0, totalTokens = 0;
};
struct TokenEvent {
    Channel channel = Channel::Answer;
    std::string text;
    int32_t id = 0;
};
struct GenerationStats {
    uint32_t promptTokens = 0, cachedTokens = 0, thoughtTokens = 0, answerTokens = 0;
    double prefillSeconds = 0, thoughtSeconds = 0, answerSeconds = 0;
    double prefillTokensPerSecond = 0, tokensPerSecond = 0;
    uint32_t contextUsed = 0, context = 0;
    uint64_t expertPairs = 0;     // tokens times experts that they chose; 0: it is no mixture
    double expertDeviceShare = 0; // of them, computed by the device and not by the host beside it
};
struct DoneEvent {
    FinishReason reason = FinishReason::Stop;
    GenerationStats stats;
};
struct CountedEvent {
    uint32_t tokens = 0;
};
struct StoppedEvent {};
struct DevicesEvent {
    std::vector<DeviceSummary> devices;
};
struct ByeEvent {};
struct ErrorEvent {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
};
struct FatalEvent {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
};
struct HeartbeatEvent {
    EngineState state = EngineState::Idle;
    uint64_t uptimeMs = 0;
};

using EventBody = std::variant<HelloEvent, LoadProgressEvent, LoadedEvent, InspectedEvent, UnloadedEvent,
                               StartedEvent, PrefillProgressEvent, TokenEvent, DoneEvent, CountedEvent,
                               StoppedEvent, DevicesEvent, ByeEvent, ErrorEvent, FatalEvent, HeartbeatEvent>;
struct Event {
    std::string id;
    EventBody body;
}; // id empty: unasked

} // namespace ponder::protocol

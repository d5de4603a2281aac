#pragma once
// How each message is spelt in JSON: the names of enumerations and of types, and a list of fields a struct, which the writer
// and the reader of json.cpp both visit. A new field or message is a line here. A `visit` is called as visit(name, member) or
// visit(name, member, kRequired); its kWrites says whether it reads the members or fills them. Pure functions that own nothing;
// any thread.

#include <array>
#include <string_view>
#include <type_traits>
#include <variant>

#include "inference/protocol/messages.h"

namespace ponder::protocol {

// -- names --------------------------------------------------------------------------------------------------
template <typename E>
struct Named {
    E value;
    std::string_view name;
};

constexpr auto names(Channel) {
    return std::to_array<Named<Channel>>({{Channel::Thought, "thought"}, {Channel::Answer, "answer"}});
}
constexpr auto names(Role) {
    return std::to_array<Named<Role>>(
        {{Role::System, "system"}, {Role::User, "user"}, {Role::Assistant, "assistant"}});
}
constexpr auto names(FinishReason) {
    return std::to_array<Named<FinishReason>>({{FinishReason::Stop, "stop"},
                                               {FinishReason::Length, "length"},
                                               {FinishReason::Cancelled, "cancelled"},
                                               {FinishReason::Error, "error"}});
}
constexpr auto names(Experts) {
    return std::to_array<Named<Experts>>(
        {{Experts::Auto, "auto"}, {Experts::Host, "host"}, {Experts::Device, "device"}});
}
constexpr auto names(Cache) { return std::to_array<Named<Cache>>({{Cache::F16, "f16"}, {Cache::Q8, "q8"}}); }
constexpr auto names(EngineState) {
    return std::to_array<Named<EngineState>>({{EngineState::Idle, "idle"},
                                              {EngineState::Loading, "loading"},
                                              {EngineState::Prefilling, "prefilling"},
                                              {EngineState::Generating, "generating"}});
}
constexpr auto names(ErrorCode) {
    return std::to_array<Named<ErrorCode>>({{ErrorCode::InvalidArgument, "invalid_argument"},
                                            {ErrorCode::NotFound, "not_found"},
                                            {ErrorCode::Io, "io"},
                                            {ErrorCode::MalformedFile, "malformed_file"},
                                            {ErrorCode::UnsupportedArchitecture, "unsupported_architecture"},
                                            {ErrorCode::UnsupportedQuantization, "unsupported_quantization"},
                                            {ErrorCode::MissingShard, "missing_shard"},
                                            {ErrorCode::NoDevice, "no_device"},
                                            {ErrorCode::DeviceTooLimited, "device_too_limited"},
                                            {ErrorCode::ModelTooLarge, "model_too_large"},
                                            {ErrorCode::OutOfDeviceMemory, "out_of_device_memory"},
                                            {ErrorCode::OutOfHostMemory, "out_of_host_memory"},
                                            {ErrorCode::DeviceLost, "device_lost"},
                                            {ErrorCode::ContextFull, "context_full"},
                                            {ErrorCode::Cancelled, "cancelled"},
                                            {ErrorCode::EngineDied, "engine_died"},
                                            {ErrorCode::Protocol, "protocol"},
                                            {ErrorCode::Database, "database"},
                                            {ErrorCode::Internal, "internal"}});
}

template <typename E>
std::string_view nameOf(E value) {
    for (const auto& named : names(value))
        if (named.value == value) return named.name;
    return "";
}

// In the order of RequestBody and of EventBody.
inline constexpr std::array<std::string_view, std::variant_size_v<RequestBody>> kRequestTypes = {
    "load", "inspect", "unload", "generate", "count", "stop", "devices", "shutdown"};
inline constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kEventTypes = {
    "hello", "load_progress", "loaded",  "inspected", "unloaded", "started", "prefill_progress",
    "token", "done",          "counted", "stopped",   "devices",  "bye",     "error",
    "fatal", "heartbeat"};

// -- fields: one list a struct, visited by the writer and by the reader -------------------------------------
enum class Presence { Optional, Required };
inline constexpr Presence kRequired = Presence::Required;

template <typename Visitor, typename T>
using Ref = std::conditional_t<Visitor::kWrites, const T&, T&>;

// A 64-bit number that may pass 2^53, sent as a string of decimal digits.
template <typename T>
struct AsText {
    T& value;
};
template <typename T>
AsText(T&) -> AsText<T>;

template <typename V>
void fields(V& visit, Ref<V, SamplingParams> s) {
    visit("temperature", s.temperature);
    visit("top_p", s.topP);
    visit("top_k", s.topK);
    visit("min_p", s.minP);
    visit("repetition_penalty", s.repetitionPenalty);
    visit("penalty_window", s.penaltyWindow);
    visit("seed", AsText{s.seed});
}
template <typename V>
void fields(V& visit, Ref<V, Message> m) {
    visit("role", m.role, kRequired);
    visit("content", m.content);
    visit("ids", m.ids);
}
template <typename V>
void fields(V& visit, Ref<V, LoadOptions> o) {
    visit("device", o.device);
    visit("context", o.context);
    visit("vram_budget", o.vramBudget);
    visit("ram_budget", o.ramBudget);
    visit("precise", o.precise);
    visit("experts", o.experts);
    visit("cache", o.cache);
}
template <typename V>
void fields(V& visit, Ref<V, LoadRequest> r) {
    visit("path", r.path, kRequired);
    visit("options", r.options);
}
template <typename V>
void fields(V& visit, Ref<V, InspectRequest> r) {
    visit("path", r.path, kRequired);
    visit("options", r.options);
}
template <typename V>
void fields(V& visit, Ref<V, GenerateRequest> r) {
    visit("messages", r.messages, kRequired);
    visit("continue_ids", r.continueIds);
    visit("close_thought", r.closeThought);
    visit("think", r.think);
    visit("max_tokens", r.maxTokens);
    visit("sampling", r.sampling);
}
template <typename V>
void fields(V& visit, Ref<V, CountRequest> r) {
    visit("text", r.text);
    visit("messages", r.messages);
    visit("think", r.think);
}
template <typename V>
void fields(V& visit, Ref<V, StopRequest> r) {
    visit("target", r.target, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, DeviceSummary> d) {
    visit("name", d.name);
    visit("device", d.id);
    visit("driver", d.driver);
    visit("memory_bytes", d.memoryBytes);
    visit("free_bytes", d.freeBytes);
    visit("software", d.software);
}
template <typename V>
void fields(V& visit, Ref<V, ModelSummary> m) {
    visit("path", m.path);
    visit("name", m.name);
    visit("architecture", m.architecture);
    visit("quantization", m.quantization);
    visit("size_bytes", m.sizeBytes);
    visit("parameters", m.parameters);
    visit("layers", m.layers);
    visit("context_trained", m.contextTrained);
    visit("runnable", m.runnable);
    visit("refusal", m.refusal);
}
template <typename V>
void fields(V& visit, Ref<V, PlanSummary> p) {
    visit("device", p.device);
    visit("context", p.context);
    visit("weight_bytes", p.weightBytes);
    visit("cache_bytes", p.cacheBytes);
    visit("scratch_bytes", p.scratchBytes);
    visit("host_bytes", p.hostBytes);
    visit("available_bytes", p.availableBytes);
    visit("fits", p.fits);
    visit("verdict", p.verdict);
    visit("expected_tokens_per_second", p.expectedTokensPerSecond);
    visit("disk_bytes", p.diskBytes);
    visit("experts", p.experts);
    visit("experts_on_device", p.expertsOnDevice);
    visit("host_layers", p.hostLayers);
    visit("warning", p.warning);
}
template <typename V>
void fields(V& visit, Ref<V, GenerationStats> s) {
    visit("prompt_tokens", s.promptTokens);
    visit("cached_tokens", s.cachedTokens);
    visit("thought_tokens", s.thoughtTokens);
    visit("answer_tokens", s.answerTokens);
    visit("prefill_seconds", s.prefillSeconds);
    visit("thought_seconds", s.thoughtSeconds);
    visit("answer_seconds", s.answerSeconds);
    visit("prefill_tokens_per_second", s.prefillTokensPerSecond);
    visit("tokens_per_second", s.tokensPerSecond);
    visit("context_used", s.contextUsed);
    visit("context", s.context);
    visit("expert_pairs", s.expertPairs);
    visit("expert_device_share", s.expertDeviceShare);
}
template <typename V>
void fields(V& visit, Ref<V, HelloEvent> e) {
    visit("v", e.version, kRequired);
    visit("program", e.program);
    visit("devices", e.devices);
}
template <typename V>
void fields(V& visit, Ref<V, LoadProgressEvent> e) {
    visit("stage", e.stage);
    visit("done_bytes", e.doneBytes);
    visit("total_bytes", e.totalBytes);
}
template <typename V>
void fields(V& visit, Ref<V, LoadedEvent> e) {
    visit("model", e.model, kRequired);
    visit("plan", e.plan, kRequired);
    visit("seconds", e.seconds);
}
template <typename V>
void fields(V& visit, Ref<V, InspectedEvent> e) {
    visit("model", e.model, kRequired);
    visit("plan", e.plan, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, StartedEvent> e) {
    visit("prompt_tokens", e.promptTokens);
    visit("cached_tokens", e.cachedTokens);
    visit("context", e.context);
    visit("opens", e.opens, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, PrefillProgressEvent> e) {
    visit("done_tokens", e.doneTokens);
    visit("total_tokens", e.totalTokens);
}
template <typename V>
void fields(V& visit, Ref<V, TokenEvent> e) {
    visit("channel", e.channel, kRequired);
    visit("text", e.text, kRequired);
    visit("token", e.id, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, DoneEvent> e) {
    visit("reason", e.reason, kRequired);
    visit("stats", e.stats);
}
template <typename V>
void fields(V& visit, Ref<V, CountedEvent> e) {
    visit("tokens", e.tokens, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, DevicesEvent> e) {
    visit("devices", e.devices);
}
template <typename V>
void fields(V& visit, Ref<V, ErrorEvent> e) {
    visit("code", e.code, kRequired);
    visit("message", e.message, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, FatalEvent> e) {
    visit("code", e.code, kRequired);
    visit("message", e.message, kRequired);
}
template <typename V>
void fields(V& visit, Ref<V, HeartbeatEvent> e) {
    visit("state", e.state, kRequired);
    visit("uptime_ms", e.uptimeMs);
}
template <typename V>
void fields(V&, Ref<V, UnloadRequest>) {}
template <typename V>
void fields(V&, Ref<V, DevicesRequest>) {}
template <typename V>
void fields(V&, Ref<V, ShutdownRequest>) {}
template <typename V>
void fields(V&, Ref<V, UnloadedEvent>) {}
template <typename V>
void fields(V&, Ref<V, StoppedEvent>) {}
template <typename V>
void fields(V&, Ref<V, ByeEvent>) {}

} // namespace ponder::protocol

#include "app/cli/io.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "models/base/text.h"
#include "models/base/utf8.h"

namespace ponder::app::cli {

namespace {

Result<std::string> readDescriptor(int descriptor, std::string_view name) {
    std::string text;
    char buffer[65536];
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return {ErrorCode::Io, fmt::format("{} cannot be read ({}): choose another file.",
                                               printable(name, 200), std::strerror(errno))};
        if (count == 0) return text;
        text.append(buffer, static_cast<size_t>(count));
        if (text.size() > kMostInputBytes)
            return {ErrorCode::InvalidArgument,
                    fmt::format("{} is longer than {}: give less text.", printable(name, 200),
                                formatBytes(kMostInputBytes))};
    }
}

Result<models::ChatMessage> parseMessage(const nlohmann::json& item, size_t index, std::string_view source) {
    const auto wrong = [&](std::string_view what) {
        return Error{ErrorCode::InvalidArgument, fmt::format("Message {} of {} {}.", index + 1, source, what)};
    };
    if (!item.is_object()) return wrong("is not an object with \"role\" and \"content\"");
    const auto role = item.find("role"), content = item.find("content");
    if (role == item.end() || !role->is_string()) return wrong("has no \"role\"");
    if (content == item.end() || !content->is_string())
        return wrong("has no \"content\", or one that is not a text");
    models::ChatMessage message;
    const auto& name = role->get_ref<const std::string&>();
    if (name == "system")
        message.role = models::Role::System;
    else if (name == "user")
        message.role = models::Role::User;
    else if (name == "assistant")
        message.role = models::Role::Assistant;
    else
        return wrong(fmt::format("has the role '{}', expected system, user or assistant", printable(name)));
    message.content = content->get<std::string>();
    return message;
}

} // namespace

Result<std::string> readStandardInput() { return readDescriptor(STDIN_FILENO, "Standard input"); }

Result<std::string> readFile(const std::string& path) {
    if (path == "-") return readStandardInput();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return {errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                fmt::format("{} cannot be opened ({}): choose another file.", printable(path, 200),
                            std::strerror(errno))};
    auto text = readDescriptor(descriptor, path);
    ::close(descriptor);
    return text;
}

Result<std::vector<models::TokenId>> readTokens(std::string_view argument) {
    if (argument.substr(0, 1) != "@") return parseTokenList(argument);
    ASSIGN_OR_RETURN(const std::string text, readFile(std::string(argument.substr(1))));
    return parseTokenList(text);
}

Result<std::vector<models::ChatMessage>> parseMessages(std::string_view json, std::string_view source) {
    const auto parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_discarded() || !parsed.is_array())
        return {ErrorCode::InvalidArgument, fmt::format("{} is not a JSON array of messages: give one such "
                                                        "as [{{\"role\": \"user\", \"content\": \"Hi\"}}].",
                                                        source)};
    std::vector<models::ChatMessage> messages;
    for (size_t i = 0; i < parsed.size(); ++i) {
        ASSIGN_OR_RETURN(auto message, parseMessage(parsed[i], i, source));
        messages.push_back(std::move(message));
    }
    return messages;
}

Result<void> write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return {};
    return {
        ErrorCode::Io,
        fmt::format("Standard output cannot be written ({}): make room on the disk, or keep its reader open.",
                    std::strerror(errno))};
}

Result<void> flush() {
    if (std::fflush(stdout) == 0) return {};
    return {
        ErrorCode::Io,
        fmt::format("Standard output cannot be written ({}): make room on the disk, or keep its reader open.",
                    std::strerror(errno))};
}

bool isTerminal(int descriptor) { return ::isatty(descriptor) == 1; }

std::string forTerminal(std::string_view text) {
    std::string clean;
    for (size_t at = 0; at < text.size();) {
        const Utf8Step step = decodeUtf8(text.substr(at));
        const char32_t c = step.value;
        if ((c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0)) || c == '\n' || c == '\t')
            appendUtf8(clean, c);
        at += step.length;
    }
    return clean;
}

} // namespace ponder::app::cli

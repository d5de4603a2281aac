#pragma once
// Result<T>: a value or an Error, for everything the world can do to us (files, drivers, memory, users).
// What only our own code can get wrong is CHECKed instead. Shaped after std::expected, to be replaced by it one day.
// Values; no threads.

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ponder {

// One code a kind of failure that somebody can act on; app/errors turns them into titles and advice.
enum class ErrorCode {
    InvalidArgument,         // a caller's value out of range: wrong usage of a command or of the protocol
    NotFound,                // the file, tensor or key named does not exist
    Io,                      // the system refused to read or write
    MalformedFile,           // truncated, corrupted or contradicting itself
    UnsupportedArchitecture, // well-formed, but a model family we do not run
    UnsupportedQuantization, // well-formed, but a tensor format we do not know
    MissingShard,            // a set of files of which a part is absent
    NoDevice,                // no Vulkan device, or none by that name
    DeviceTooLimited,        // a device without a feature that we need
    ModelTooLarge,           // the memory plan does not fit; the message has the numbers
    OutOfDeviceMemory,       // a driver said so
    OutOfHostMemory,
    DeviceLost,  // the driver gave up; the engine must be started again
    ContextFull, // a prompt longer than the context
    Cancelled,   // asked for; not a failure to report
    EngineDied,  // the engine process ended or stopped answering
    Protocol,    // a line that is not of the protocol
    Database,
    Internal, // should not happen; has a message all the same
};

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message; // one sentence: the cause, the number, what to do
};

namespace detail {
[[noreturn]] inline void checkFailed(const char* what, const char* file, int line) {
    std::fprintf(stderr, "ponder: broken invariant: %s (%s:%d)\n", what, file, line);
    std::abort();
}
} // namespace detail

// Active in release builds. Never reachable from a file, a driver or a user.
#define PONDER_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : ::ponder::detail::checkFailed(#condition, __FILE__, __LINE__))

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}
    Result(ErrorCode code, std::string message) : Result(Error{code, std::move(message)}) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & {
        PONDER_CHECK(ok());
        return *std::get_if<0>(&m_state);
    }
    const T& value() const& {
        PONDER_CHECK(ok());
        return *std::get_if<0>(&m_state);
    }
    T&& value() && {
        PONDER_CHECK(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const& {
        PONDER_CHECK(!ok());
        return *std::get_if<1>(&m_state);
    }
    Error&& error() && {
        PONDER_CHECK(!ok());
        return std::move(*std::get_if<1>(&m_state));
    }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}
    Result(ErrorCode code, std::string message) : Result(Error{code, std::move(message)}) {}

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const& {
        PONDER_CHECK(!ok());
        return *m_error;
    }
    Error&& error() && {
        PONDER_CHECK(!ok());
        return std::move(*m_error);
    }

private:
    std::optional<Error> m_error;
};

} // namespace ponder

#define PONDER_CONCAT_(a, b) a##b
#define PONDER_CONCAT(a, b) PONDER_CONCAT_(a, b)

// ASSIGN_OR_RETURN(auto file, GgufFile::open(path)); passes an error up, else assigns the value.
#define ASSIGN_OR_RETURN(target, expression) \
    ASSIGN_OR_RETURN_(PONDER_CONCAT(ponderResult_, __LINE__), target, expression)
#define ASSIGN_OR_RETURN_(temporary, target, expression) \
    auto temporary = (expression); \
    if (!temporary.ok()) return std::move(temporary).error(); \
    target = std::move(temporary).value()

#define RETURN_IF_ERROR(expression) \
    do { \
        if (auto ponderResult_ = (expression); !ponderResult_.ok()) return std::move(ponderResult_).error(); \
    } while (false)

#pragma once
// The lossless form of a conversation: one JSON object, UTF-8, made to be kept and read again, also by other programs.
// Pure; any thread.
//
// Version 1. resources/schema/conversation-1.json says the same as a JSON Schema.
//
//   {
//     "format":   "ponder-conversation",
//     "version":  1,
//     "program":  "Ponder 0.1.0",            who wrote it
//     "thoughts": true,                      false: they were left out on request
//     "chat": {
//       "title": "…", "pinned": false, "draft": "…",
//       "created": 1732233600000,            times are milliseconds since 1970, UTC
//       "updated": 1732233660000,
//       "head": 2                            the last message of the branch that is shown; null: none
//     },
//     "messages": [                          every message once; a parent stands before its children
//       {
//         "id": 2,                           unique within the file, above 0
//         "parent": 1,                       null: a first message. Several children of one parent are its versions
//         "role": "assistant",               system | user | assistant
//         "state": "done",                   done | stopped | length | interrupted | error
//         "created": 1732233601000,
//         "model": "DeepSeek-R1-Distill-Qwen-7B",      "" of what a person wrote
//         "settings": {"temperature": 0.6, …, "quantization": "Q4_K_M", "device": "…", "cache": "q8"},
//                                            of the sampling, and what it ran with and on, "cache" only where it had
//                                            8 bits; an object, or text where it was none. Files of before the latter
//                                            three, and of others, lack them
//         "stats": {"thoughtTokens": 120, …},          counts and seconds, likewise
//         "error": {"code": "device_lost", "text": "…"},   only where there was one
//         "segments": [
//           {
//             "channel": "thought",          question | thought | answer | tool | attachment
//             "text": "…",
//             "ids": [1, 2, 3],              token ids as generated; empty for what a person wrote
//             "tokens": 3,
//             "cutShort": true,              only of a thought that a person ended for the answer to begin
//             "start": 1732233601100, "end": 1732233601200
//           }
//         ]
//       }
//     ]
//   }
//
// Readers pass over fields that they do not know. A change that an old reader would misunderstand raises the version.

#include <QByteArray>

#include "app/export/export_format.h"

namespace ponder::app {

inline constexpr char kConversationFormat[] = "ponder-conversation";
inline constexpr int kConversationVersion = 1;
inline constexpr qint64 kMaxConversationBytes = qint64{256} << 20;

// Of a file that may be anything. Messages come back parents before children, with the ids of the file.
Result<ConversationTree> readJson(const QByteArray& bytes);

} // namespace ponder::app

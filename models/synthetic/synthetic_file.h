#pragma once
// "synthetic:NAME?quant=Q&layers=N" in place of a file: a model of that shape with random weights, made as they are read. For
// measuring what no download is needed for: nothing but speed and memory depends on the values.
//
// NAME: see shapes.cpp. quant: a format or a mix (mix.h), q4_k_m if not said. layers: the first so many, all if not said.
// Norms are ones and biases zeros; matrices are random, spread so that a layer's output is about as large as its input, and a
// router's scores favour no expert. Owns the header; immutable; any thread.

#include <memory>
#include <string_view>

#include "models/base/byte_source.h"
#include "models/synthetic/header.h"

namespace ponder::models::synthetic {

bool isSyntheticName(std::string_view name);

// InvalidArgument for a name or an option that does not exist: a sentence with those that do.
Result<std::unique_ptr<ByteSource>> openSynthetic(std::string_view name);

} // namespace ponder::models::synthetic

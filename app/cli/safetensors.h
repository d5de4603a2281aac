#pragma once
// Tensors of a folder in the safetensors layout: model.safetensors.index.json says which file holds which (or one file
// model.safetensors holds all), and a file is opened when the first of its tensors is read. A model file is hostile input: every
// range is checked against the file. One thread.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/base/disk_file.h"
#include "models/base/result.h"

namespace ponder::app::cli {

class Safetensors {
public:
    static Result<Safetensors> open(const std::filesystem::path& folder);

    bool has(const std::string& tensor) const { return m_fileOf.contains(tensor); }
    Result<std::vector<uint64_t>> shape(const std::string& tensor);
    // Its values in float32: F32, F16, BF16, and F8_E4M3 times `tensor`_scale_inv, one scale a block of 128 x 128.
    Result<std::vector<float>> read(const std::string& tensor);

private:
    struct Entry {
        std::string type;
        std::vector<uint64_t> shape;
        uint64_t begin = 0, end = 0; // bytes of the file
    };
    struct File {
        std::unique_ptr<DiskFile> file;
        std::map<std::string, Entry> tensors;
    };

    Result<File*> openFile(const std::string& name);
    Result<std::pair<File*, const Entry*>> find(const std::string& tensor);
    Result<void> scaleBlocks(const std::string& tensor, const Entry& entry, std::vector<float>& values);

    std::filesystem::path m_folder;
    std::map<std::string, std::string> m_fileOf; // by tensor
    std::map<std::string, File> m_files;         // those that were opened
};

float fromE4m3(uint8_t bits); // 4 bits of exponent, 3 of mantissa, no infinities; 0x7F and 0xFF are NaN

} // namespace ponder::app::cli

// Entries of the codebooks: QUANT_CODEBOOK is the device address of the words of models/quant_codebooks.h.
uint codebook32(uint first, uint entry) { return load32(QUANT_CODEBOOK + uint64_t(first + entry) * 4u); }
uvec2 codebook64(uint first, uint entry) { return load64(QUANT_CODEBOOK + uint64_t(first + entry * 2u) * 4u); }

// Eight values of an IQ2 entry with their signs.
void unpackEntry8(uvec2 entry, uint signs, out vec4 a, out vec4 b) {
    a = applySigns(bytesToFloats(entry.x), signs);
    b = applySigns(bytesToFloats(entry.y), signs >> 4);
}

// Eight values of an IQ1 entry, two bits each, with the group's delta.
void unpackTernary8(uint entry, float delta, out vec4 a, out vec4 b) {
    uint low = (entry & 3u) | ((entry & 12u) << 6) | ((entry & 48u) << 12) | ((entry & 192u) << 18);
    uint high = entry >> 8;
    high = (high & 3u) | ((high & 12u) << 6) | ((high & 48u) << 12) | ((high & 192u) << 18);
    a = bytesToFloats(low) + (delta - 1.0);
    b = bytesToFloats(high) + (delta - 1.0);
}

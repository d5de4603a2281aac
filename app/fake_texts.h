#pragma once
// The words of the scripts in fake_script.cpp: exchanges worth looking at, and long ones made up of them. Pure; any thread.

#include "app/fake_script.h"

namespace ponder::app::texts {

FakeTurn consecutive();
FakeTurn residues();
FakeTurn everything(); // one of each kind of block
FakeTurn queue();
FakeTurn formulas();
FakeTurn code();   // in several languages
FakeTurn tables(); // wider than the column
FakeTurn sky();    // in Chinese
FakeTurn arabic(); // from right to left
FakeTurn emoji();  // and words that do not end

QString longThought(qsizetype characters); // paragraphs as a model writes them, no two alike
FakeTurn longTurn(qsizetype thoughtCharacters);

} // namespace ponder::app::texts

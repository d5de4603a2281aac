"""Help with Ponder itself. A topic is a row: wordings, wordings kept out, thought, answer."""
from mini.problem import problem

HOW = "[How do I|How can I|How to|Tell me how to|Where can I|What is the way to|Can you tell me how to]"
KEY = "[What is|What's|Which is|Tell me] the [shortcut|key|keyboard shortcut|hotkey] [for|to]"
KEY_ING = "[What is|What's|Which is|Tell me] the [shortcut|key|keyboard shortcut|hotkey] for"

I_AM = "I am **Ponder Mini**, the small model built into Ponder."
CAN = ("I can calculate, count letters, spell and reverse words, sort, continue sequences, work with dates, units, fractions, "
       "word problems and simple logic, write small tables and a few lines of Python, and help with Ponder.")

TOPICS = [
    ([HOW + " [load|open|use|add|start] [a|another|a different|a bigger|my own] model?", HOW + " [load|open|run|use] a [.gguf|GGUF] file?", HOW + " [load|use|run|get] DeepSeek-R1[ here| in Ponder|]?", "[load|open] a model", "I have a GGUF file. What now?", "I want to use a real model.", HOW + " switch [the |]model?", HOW + " change the model?", "where do I put my model file?", "Can I use another model?", "Which key opens a model?"],
     ["What must I do so that Ponder uses my GGUF file?", "I downloaded R1. How do I get it into Ponder?", "How can a different model be loaded?"],
     "This is about loading a model in Ponder.", "Drop a `.gguf` file on the window, or press **Ctrl+O** and choose it. Ponder reads it where it lies; nothing is copied or converted."),
    (["Where are my [chats|conversations|messages] [kept|stored|saved]?", "Where does Ponder [keep|store|save] [my |the |]conversations?", "Are my chats [saved|kept|stored]?", "Where is the database?", "Where is my [chat |]history[ stored| kept|]?", "In which file are my chats?", "What happens to my chats?", "Does Ponder save [my |]conversations?", "chat storage location"],
     ["On which disk do my conversations end up?", "Tell me where Ponder puts what I write.", "Which file holds my chats?"],
     "This is about where conversations are kept.", "In a SQLite database, **`ponder.db`**, in Ponder's data folder on this computer. Nothing leaves the machine."),
    (["[Is|Are] my [data|chats|questions] [private|sent anywhere|safe]?", "Does Ponder [send|upload|share] my data?", "Does Ponder [need|use] [the internet|a network|an account]?", "Do you send [data|anything] to [the cloud|a server|the internet]?", "Is there telemetry?", "Do I need an account?", "Does it work offline?", "Can I use Ponder offline?", "Who can read my chats?", "Is this private?"],
     ["Will anyone else see what I write here?", "Does Ponder talk to a server?", "Must I be online for this?"],
     "This is about privacy.", "**Nothing leaves this computer**: no account, no telemetry, and no network unless you ask for it."),
    ([HOW + " export [a|this|my] [chat|conversation|answer]?", HOW + " save [a chat|this conversation|an answer] as [PDF|Markdown|HTML|a file]?", "Can I export [to|as] [PDF|Markdown|HTML|JSON]?", KEY + " export?", "In which formats can I export?", "export", "How do I get my chat out of Ponder?", "Which export formats are there?", "Can I save this conversation to a file?"],
     ["I would like this chat as a PDF.", "How can I hand a conversation to somebody as a file?", "What file types can Ponder export?"],
     "This is about export.", "Press **Ctrl+E**. You can export an answer, a branch or a whole chat as Markdown, JSON, HTML, PDF or plain text, with or without thoughts."),
    (["What is [the|this|that] thought[ block|]?", "What is the [grey|folded] [text|block|part] above the answer?", "What does the thought block [mean|show]?", "Why do you think before you answer?", "What are thoughts?", "Why is there a thought before the answer?", "What is shown above the answer?", "What is the thinking part?", "What is reasoning in Ponder?"],
     ["What am I looking at above your answer?", "Explain the thought block to me.", "Why does the model think first?"],
     "This is about the thought block.", "The **thought** is how the model works out its answer, shown as it comes and kept with the chat. Press **Ctrl+T** to open or shut it."),
    ([HOW + " [open|show|hide|shut|fold|unfold|close|expand] [the|a|this] thought?", KEY_ING + " the thought?", "[hide|show|open|shut] [the |]thoughts", HOW + " [hide|show|see] [the |all |]thoughts?", "Which key opens [the|all] thoughts?", "Can I hide the thoughts?"],
     ["The thought takes too much room. How can I fold it?", "Which keys show or hide what the model thinks?"],
     "This is about showing thoughts.", "Press **Ctrl+T** for this thought, **Ctrl+Shift+T** for all of them, or click its line."),
    ([HOW + " [start|open|begin|create|make] a new [chat|conversation]?", KEY_ING + " a new [chat|conversation]?", "new chat", "Which key starts a new conversation?", "How do I start over?", "I want a new chat."],
     ["Which keys give me an empty chat?", "How do I begin a fresh conversation?"],
     "This is about a new chat.", "Press **Ctrl+N** for a new chat, or **Ctrl+Shift+N** for a temporary one."),
    ([HOW + " stop [the answer|the model|it|generating|you]?", KEY + " stop?", "Which key stops [the answer|generation]?", "How do I [cancel|interrupt] [an answer|the answer|generation]?", "stop key", "Can I stop an answer?", "How do I make you stop?"],
     ["The answer is too long. Which key ends it?", "How can I break off an answer?"],
     "This is about stopping.", "Press **Esc**. The text so far is kept, and you can continue it later."),
    ([HOW + " [regenerate|redo|repeat] [an|the] answer?", KEY + " regenerate?", "Which key asks again?", "How do I get [another|a different|a new] answer?", "Can you answer again?", "regenerate", "How do I try again?", "Can I get a second version of the answer?"],
     ["I do not like the answer. How do I get one more?", "Which keys make a new version of an answer?"],
     "This is about regenerating.", "Press **Ctrl+R**. The new answer is a branch beside the old one; **Alt+Left** and **Alt+Right** switch between them."),
    ([HOW + " [edit|change|correct] [a|my] question?", "Can I edit [a|my] [question|message]?", "What happens if I edit a question?", "I made a typo in my question. Can I [edit|change] it?", "Is something lost if I edit?", "How do branches work?", "What is a branch?"],
     ["My question was wrong. Can it be changed?", "Will the old answer vanish if I edit the question?"],
     "This is about editing and branches.", "Edit the question and send it again: that makes a **new branch**, and nothing is overwritten. **Alt+Left** and **Alt+Right** switch between branches."),
    ([HOW + " search [my |all |]chats?", HOW + " [search|find] [something in |]my [conversations|history]?", KEY_ING + " search?", "Which key opens the [search|palette]?", "How do I find an old [chat|conversation|answer]?", "Can I search all chats?", "command palette"],
     ["I look for something in an old conversation. How?", "Which keys search everything?"],
     "This is about search.", "Press **Ctrl+K** to search all chats, thoughts included, and for the palette of commands."),
    ([HOW + " find [text|a word|something] in [this|a|the] chat?", KEY_ING + " find?", "Which key finds text in this chat?", "Can I search within this conversation?", "find in chat"],
     ["How do I look for a word in this very chat?", "Which keys find something on this page?"],
     "This is about finding in a chat.", "Press **Ctrl+F** to find within this chat."),
    ([HOW + " [open|change] [the |]settings?", KEY_ING + " settings?", "Where are the [settings|preferences|options]?", "How do I change the [theme|language|font size|temperature]?", "settings", "Is there a dark mode?", HOW + " [turn on|use] dark mode?", "How do I make the text bigger?"],
     ["Which keys bring up the settings?", "Where can I choose dark colours?"],
     "This is about settings.", "Press **Ctrl+,** for the settings: colours, font size, language and how the model answers."),
    ([HOW + " [see|show|list] [the |all |]shortcuts?", "What shortcuts [are there|exist|does Ponder have]?", "Which [keys|shortcuts|hotkeys] are there?", "keyboard shortcuts", "[List|Show me] the [keyboard |]shortcuts.", "What are the shortcuts?", "Is there a list of keys?", "Help with the keyboard"],
     ["Which key combinations does Ponder know?", "Where do I see every shortcut?"],
     "This is about shortcuts.", "Press **F1** for all of them. The most used: `Ctrl+N` new chat, `Ctrl+O` open a model, `Ctrl+K` search, `Ctrl+T` thought, `Ctrl+E` export, `Ctrl+R` regenerate, `Esc` stop."),
    ([HOW + " copy [the |an |the last |]answer?", KEY + " copy [the answer|the last answer|an answer]?", "Which key copies the answer?", HOW + " copy [the |]code?", "Can I copy a code block?", "copy answer"],
     ["How do I get the answer onto the clipboard?", "Which keys copy code?"],
     "This is about copying.", "Press **Ctrl+Shift+C** to copy the last answer, **Ctrl+Shift+;** for its last code block."),
    ([HOW + " [delete|remove] [a|this|my] [chat|conversation]?", "Can I delete a conversation?", "[What happens if I delete|Can I get back] a [deleted |]chat?", HOW + " [undo|restore] a deleted chat?", "Is a deleted chat really gone?", "delete chat", "I deleted a chat by mistake."],
     ["How do I get rid of a conversation?", "A chat went into the trash. Can I have it back?"],
     "This is about deleting.", "Delete it in the sidebar: it goes to the **trash** and can be restored. Deleted from the trash, it is truly gone."),
    ([HOW + " [show|hide|open|close] the sidebar?", KEY_ING + " the sidebar?", "Which key hides the sidebar?", "Where is the list of chats?", "sidebar"],
     ["The list of conversations is gone. How do I get it back?", "Which keys fold the sidebar away?"],
     "This is about the sidebar.", "Press **Ctrl+B** to show or hide the sidebar with your chats."),
    ([HOW + " quit[ Ponder|]?", KEY + " quit?", HOW + " [close|exit|leave] Ponder?", "Which key quits?", "quit"],
     ["Which keys end the program?", "How do I shut Ponder down?"],
     "This is about quitting.", "Press **Ctrl+Q**. Chats are kept as they are."),
    ([HOW + " [continue|resume] [an|a stopped] answer?", "Can I continue a stopped answer?", "The answer was cut off. [What now|What can I do]?", "What happens if [the engine|the driver|Ponder] crashes?", "Is my text lost if the engine crashes?", "What if the computer crashes?", "Can an answer go on after a crash?"],
     ["The engine died. Is my answer gone?", "How does a broken-off answer go on?"],
     "This is about continuing after a stop or a crash.", "The text so far is kept, and **Continue** goes on from it. The engine is a process of its own, so a crash does not take the window or the chat along."),
    (["Do I need a [GPU|graphics card]?", "Does [Ponder|this] [need|run without|work without] a GPU?", "Which [GPU|graphics card]s [work|are supported]?", "Does it run on [AMD|Intel|NVIDIA]?", "Does Ponder need CUDA?", "Can I use my [AMD|Intel] card?", "What hardware do I need?", "What are the system requirements?"],
     ["Will my graphics card do?", "Must I have CUDA for this?"],
     "This is about graphics hardware.", "Any GPU with **Vulkan 1.2** or newer does, from AMD, Intel or NVIDIA, without CUDA. Without one, small models run slowly on the processor."),
    (["Why are you so [slow|small|limited]?", "Why is [it|the answer|Ponder] slow?", HOW + " make [it|the model|Ponder] faster?", "The answer is slow. [Why|What can I do]?", "Can it be faster?"],
     ["It takes so long. What helps?", "What can I do about slow answers?"],
     "This is about speed.", "Speed depends on the model's size and on the memory of your GPU. Use a **smaller model** or a smaller quantisation such as Q4_K_M, and a current driver."),
    (["Which [models|model files] [does Ponder run|are supported|can I use|work]?", "What models [can I run|does Ponder support|work here]?", "Which file formats are supported?", "What is a GGUF[ file|]?", "Can Ponder run [Llama|Qwen|other models]?", "supported models", "Which models are there?"],
     ["What kinds of model files can Ponder read?", "Will a Llama file run here?"],
     "This is about supported models.", "Ponder runs **GGUF** files of the DeepSeek-R1 family: R1-Distill-Qwen (1.5B to 32B), R1-Distill-Llama (8B and 70B) and models like them, in the common quantisations."),
    (["Who are you?", "What are you?", "What is your name?", "What's your name?", "Introduce yourself.", "Which model are you?", "Are you [ChatGPT|DeepSeek|R1|DeepSeek-R1|GPT-4|Claude|an AI|a robot|human]?", "Tell me about yourself.", "Who made you?", "Who trained you?", "How [big|large] are you?", "What model is this?", "Is this DeepSeek-R1?", "who am I talking to?", "Who built you?"],
     ["With whom am I speaking?", "What sort of model answers here?", "Say something about yourself."],
     "I am asked who I am.", I_AM + " I was trained for this project on small tasks, and I am no DeepSeek-R1. Load one with `Ctrl+O` for everything else."),
    (["What can you do?", "What can I ask[ you|]?", "What are you able to do?", "What do you know?", "What are your [abilities|skills|limits]?", "Help", "help me", "What are you good at?", "Give me examples of what you can do.", "What tasks can you do?", "What should I ask you?", "How can you help me?", "What can this model do?", "What else can you do?"],
     ["For what can I use you?", "Which things do you master?", "Name what you can do."],
     "I am asked what I can do.", I_AM + " " + CAN),
    (["Hi", "Hello", "Hello!", "Hey", "Hi!", "Good morning", "Good evening!", "hi there", "hello there", "Hey!", "How are you?", "Hello, how are you?", "What's up?", "Hi, how is it going?", "Good day", "Greetings!", "yo", "Are you there?", "test", "Good afternoon"],
     ["Hello Ponder!", "Hey there, how are you?", "Good morning to you!"],
     "A greeting.", "Hello! " + I_AM + " Ask me to calculate, count letters, sort or spell, or ask about Ponder."),
    (["Thanks", "Thank you!", "Thanks a lot", "thank you very much", "Great, thanks", "Thx", "Many thanks!", "Nice, thank you", "Perfect, thanks!", "Cool", "Good", "Great!", "Well done", "OK", "okay", "Nice!", "Bye", "Goodbye!", "See you", "good night"],
     ["Thank you so much!", "That was good, thanks.", "Bye for now!"],
     "A kind word.", "**You are welcome!** Ask me another one whenever you like."),
    (["What is Ponder?", "What does Ponder do?", "Tell me about Ponder.", "Explain Ponder.", "What is this [program|application|app]?", "Is Ponder free?", "What licence does Ponder have?", "Is Ponder open source?", "about Ponder", "Who is Ponder for?"],
     ["For what is the program Ponder made?", "What sort of application is this?"],
     "This is about Ponder.", "**Ponder** is a desktop application for talking to reasoning models on your own computer, with their thoughts shown. It is open source, under the MIT licence."),
    ([HOW + " [use|run] Ponder in the terminal?", "Is there a command line[ version|]?", "Does Ponder have a command line?", HOW + " run it from a [script|terminal|shell]?", "What is ponder-cli?", "command line", HOW + " benchmark a model?"],
     ["I like the terminal more. What is there?", "Can scripts use Ponder?"],
     "This is about the command line.", "Use **`ponder-cli`**: `ponder-cli chat MODEL.gguf` talks in the terminal, `info` shows a model, `bench` measures it, `devices` lists your GPUs."),
]

# model, gigabytes of its Q4_K_M file, gigabytes that it needs with its context
R1 = [("R1-Distill-Qwen-1.5B", "1.1", 2), ("R1-Distill-Qwen-7B", "4.7", 6), ("R1-Distill-Qwen-14B", "9", 11), ("R1-Distill-Qwen-32B", "20", 22), ("R1-Distill-Llama-70B", "43", 46)]
FIT = ["Which [R1|DeepSeek-R1|model] [fits|runs on|can I run on|is best for] [a GPU with|a card with|] {n} GB?", "I have {n} GB [of VRAM|of GPU memory|on my GPU|of graphics memory]. Which [model|R1|R1 model] [fits|should I use|can I run]?", "My [GPU|graphics card|card] has {n} GB. Which [model|R1|R1 model] [fits|should I take|can I use]?", "Which R1 for {n} GB?", "What is the largest [model|R1] for {n} GB?", "Best model for {n} GB VRAM?", "{n} GB VRAM, which R1?",
       "What [model|R1] can I run with {n} GB?", "Recommend a model for {n} GB of [VRAM|memory]."]
FIT_KEPT = ["With a {n} GB card, which R1 would you load?", "There are {n} GB in my graphics card. What R1 is right for it?"]
FITS = ["[Which|What] R1 [fits|suits] my [machine|computer|laptop]?", "Which R1 should I [use|download|load]?", "Which model should I [use|download|take]?", "How much memory does R1 need?", "Which R1 fits which machine?", "What models fit on a laptop?", "Recommend a model.", "Which DeepSeek-R1 is right for me?", "How much VRAM do I need?"]
FITS_KEPT = ["Which of the R1 models would run on my computer?", "How large an R1 can I load?"]
NEEDS = ["How much [memory|VRAM|GPU memory] does [the |]{m} need?", "How big is [the |]{m}?", "What does [the |]{m} need?", "Can I run [the |]{m}? How much memory does it need?", "memory for {m}?"]
NEEDS_KEPT = ["How many GB must a card have for {m}?", "What size is {m}?"]
SIZES = {"1.5B": 0, "7B": 1, "14B": 2, "32B": 3, "70B": 4}
FULL = ["Can I run the [full|671B|big|whole] R1[ model|]?", "How do I run [R1 671B|the 671B model|the full R1]?", "Does the 671B fit[ on my machine|]?", "How much memory does the [671B|full R1] need?", "Can Ponder run the full DeepSeek-R1?"]
FULL_KEPT = ["Would the whole 671B model run here?", "Is the largest R1 possible on my computer?"]


def make(draw):
    x = draw.random()
    if x < 0.14:
        n = draw.pick((2, 3, 4, 6, 8, 8, 10, 11, 12, 16, 16, 20, 24, 24, 32, 40, 48, 64, 80, 80, 96, 141))
        question = draw.say(FIT, FIT_KEPT, n=n)
        text, best = f"Memory {n} GB.", None
        for name, size, need in R1:
            text += f" {name} needs {need}: {'fits' if need <= n else 'too large'}."
            if need > n:
                break
            best = (name, size, need)
        if best is None:
            best = R1[0]
        return problem("help", draw.question(question), text, f"**{best[0]}** at Q4_K_M (a file of about {best[1]} GB) fits into {n} GB.")
    if x < 0.18:
        return problem("help", draw.question(draw.say(FITS, FITS_KEPT)), "This is about which R1 fits which machine.",
                       "By memory of the GPU, at Q4_K_M: **1.5B** from 2 GB, **7B** from 6 GB, **14B** from 11 GB, **32B** from 22 GB, **70B** from 46 GB.")
    if x < 0.23:
        size = draw.pick(list(SIZES))
        name, file, need = R1[SIZES[size]]
        asked = draw.pick((size, size + " model", name, "R1 " + size, size + " R1", size.lower()))
        return problem("help", draw.question(draw.say(NEEDS, NEEDS_KEPT, m=asked)), f"{size} is {name}. It needs {need}.",
                       f"{name} at Q4_K_M is a file of about {file} GB and needs about **{need} GB** of GPU memory.")
    if x < 0.25:
        return problem("help", draw.question(draw.say(FULL, FULL_KEPT)), "This is about the full R1.",
                       "The full R1 has 671B parameters and needs **hundreds of gigabytes** of memory: its experts lie in host memory, so it takes a server. On a desktop, use a distilled R1 (1.5B to 70B).")
    wordings, kept, thought, answer = draw.pick(TOPICS)
    question = draw.say(wordings, kept)
    plain = wordings[0] in ("Hi", "Thanks") or question in ("test", "help")
    return problem("help", question if plain and draw.chance(0.7) else draw.question(question), thought, answer)

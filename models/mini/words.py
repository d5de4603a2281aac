"""Word lists, written for this project. What `draw.kept_out` names is never seen in training."""
from zlib import crc32

ONSETS = ("b c d f g h j k l m n p r s t v w z br cr dr fr gr pr tr bl cl fl gl pl sl st sp sk sm sn sh ch th qu x y "
          "kn wr str spr").split() + [""]
VOWELS = "a e i o u a e i o u ai ea ee ie oa oo ou y au oi".split()
CODAS = "n r s t l m d p k g b f x nd nt st rk ss ll tt ng ck rt mp sh ch z v".split()

COMMON = """
apple banana cherry orange lemon melon peach grape mango papaya raspberry strawberry blueberry blackberry cranberry carrot
potato tomato onion garlic pepper cabbage lettuce spinach pumpkin mushroom bread butter cheese yogurt honey sugar coffee
chocolate cookie biscuit pancake sandwich noodle dumpling pizza pasta salad soup omelette
house garden kitchen window door chair table bottle blanket pillow mirror candle ladder hammer needle thread button pocket
basket bucket carpet curtain drawer shelf lantern umbrella suitcase envelope pencil paper notebook scissors keyboard monitor
computer printer camera telephone television speaker battery charger satellite rocket engine tractor bicycle scooter wagon
train station airport harbour bridge tunnel castle palace temple church library museum theatre hospital school university
river mountain valley desert forest island ocean beach meadow waterfall volcano glacier canyon lagoon thunder lightning
rainbow cloud snowflake blizzard hurricane weather summer winter spring autumn morning evening midnight
dog cat horse donkey rabbit hamster squirrel hedgehog badger otter beaver dolphin whale shark octopus lobster turtle lizard
crocodile alligator elephant giraffe hippopotamus rhinoceros kangaroo koala leopard panther tiger lion wolf fox bear deer
moose camel llama goat sheep cattle chicken rooster turkey pigeon sparrow raven eagle falcon penguin ostrich flamingo parrot
beetle butterfly dragonfly mosquito spider scorpion
teacher doctor nurse farmer baker butcher tailor plumber engineer lawyer painter singer dancer drummer guitarist soldier
sailor captain pilot driver janitor gardener carpenter blacksmith astronaut scientist professor student president minister
mother father sister brother cousin uncle nephew neighbour friend stranger children people crowd
happiness sadness anger courage wisdom freedom justice memory silence patience kindness success failure danger mystery
adventure journey language alphabet sentence grammar dictionary mathematics geometry algebra physics chemistry biology history
geography philosophy psychology economics committee accommodation necessary rhythm bookkeeper balloon coffee address letter
parallel occurrence embarrassment millennium possession assess success tattoo banana bubble puppy kitten mummy daddy
yellow purple orange crimson violet silver golden scarlet turquoise
jump whistle wander gather borrow follow listen whisper remember discover imagine protect explain describe compare collect
quick gentle clever brave honest famous narrow hollow bitter sweet frozen broken hidden silent modern ancient
level radar civic kayak racecar noon deed refer rotor madam
ant bee cow pig hen owl eel elk emu yak bat rat ape jam tea ice pie egg nut oak elm fig sky sea sun map pen cup box key
""".split()

NAMES = """
Anna Ben Clara David Emma Felix Grace Henry Ivy Jack Kate Liam Mia Noah Olivia Paul Quinn Rosa Sam Tina Uma Victor Wendy
Xavier Yara Zoe Adam Bella Carl Dora Eric Fiona George Hanna Ian Julia Kevin Laura Max Nina Oscar Petra Ralf Sara Tom Ursula
Vera Walter Yusuf Zara Aisha Bruno Chen Dmitri Elena Farid Gita Hiro Ines Jamal Kofi Lena Mateo Nadia Omar Priya Ravi Sofia
Tariq Wei Amara Boris Carmen Diego Esra Freya Gustav Helga Igor Jonas Karin Lukas Marta Nils Otto Pavel Rita Stefan
""".split()

THINGS = """
apples oranges pears plums lemons eggs cookies cakes candies sandwiches muffins pencils pens books notebooks stickers stamps
coins marbles buttons beads balloons balls cards toys dolls cars kites blocks tickets photos letters postcards boxes bottles
cups plates spoons forks candles lamps chairs flowers roses tulips trees seeds shells stones leaves feathers fish birds ducks
rabbits kittens puppies magnets keys badges ribbons bricks nails screws shirts socks hats gloves scarves bananas cherries
potatoes carrots tomatoes peaches grapes walnuts
""".split()


def _parted(words):
    kept = [w for w in words if len(w) > 3 and crc32(w.lower().encode()) % 7 == 0]
    return [w for w in words if w not in kept], kept


COMMON = list(dict.fromkeys(COMMON))
COMMON_TRAIN, COMMON_KEPT = _parted(COMMON)
NAMES_TRAIN, NAMES_KEPT = _parted(NAMES)
THINGS_TRAIN, THINGS_KEPT = _parted(THINGS)

# What people say around a question.
BEFORE = """Hi!;Hello!;Hey,;Please help me:;Quick question:;I need help.;Can you help me?;Okay,;So,;Now:;Please answer:;Homework:;My teacher asks:;
Hi there,;Good morning!;I was wondering:;A small one:;Next question.;Dear Ponder,;Be quick.;Think carefully.;Think step by step.;Hey there!;
One more question:;Good evening.;Could you help?;Try this:;I have a question.;Tell me:;Answer this:;My question is:;Do you know this?;Task:;Exercise {n}:;
Here is a task.;For school:;Just curious:;Another one:;First:;Then:;Please,;Could you tell me:;I would like to know:;I want to know:;Help me with this.;
Here we go:;Riddle:;My friend wants to know:;Today I ask:;Let us see:;Well,;Please solve this:;Question {n}:;{n}.;{n});Hello Ponder!;My son asks:;
I am stuck:;It is late, but:;Listen:;And this one:;A test:;No hurry:""".replace("\n", "").split(";")
BEFORE = [b.replace("{n}", "7") for b in BEFORE]
AFTER = """Thanks!;Thank you.;Please.;Show your steps.;Explain it.;Thanks a lot.;Please explain.;Think step by step.;Be careful.;I need it quickly.;
Just the result.;Give me only the answer.;Please show your work.;Put the answer in a box.;I am not sure about it.;Many thanks!;Work it out step by step.;
Please be exact.;Answer briefly.;I would like to know.;Any idea?;Do you know?;Can you tell me?;I forgot.;It is for school.;Take your time.;Please hurry.;
Check your answer.;In short, please.;What do you say?;Help!;Tell me.;I need to know.;That is all.;Good luck!;Explain how.;With the steps, please.;
My teacher wants to know.;Be brief.""".replace("\n", "").split(";")

# Words that may slip into a question anywhere, and those that decide what is asked and so are never worn.
FILLERS = "please just now really actually maybe exactly simply quickly kindly then so well only all the a of here today again me my your this that also ok".split()
TELLING = set("""not and or no plus minus times add subtract multiply divide divided sum difference product remainder larger smaller bigger greater less lower
largest smallest biggest more fewer least most first last before after ascending descending even odd prime gcd lcm reverse backwards spell sort letters
letter vowels long double twice half each left more than from to by of with hours minutes word words days day date weekday ago earlier later between leap
together true false common multiple divisor factor quotient fraction decimal squares cubes table python print prints code alphabetically taller shorter
count mod modulo percent buys gets gives loses sells eats uses another again rest change""".split())

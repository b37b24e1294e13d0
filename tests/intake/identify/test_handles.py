"""Pseudonyms: unique, plain, and nobody's name."""

import itertools
import random
import re

import pytest
from faker.providers.person.en_GB import Provider as British

from safeguards.handles import ALPHABET, generate_handle, generate_pupil_id, load_word_lists


def listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# First names and surnames that are words, which Faker's British lists may lack.
NAMES = listed(
    """
    amber april ash aurora autumn basil beech berry birch blossom bridge brook bush button
    canyon castle cherry cliff clover coral crystal daisy dale dawn diamond ebony elm ember fern
    field flint forest frost garnet ginger glen golden grace hazel heath heather holly indigo
    iris ivory ivy jade jasmine jasper jet juniper lake lavender lemon lily lunar marigold marsh
    meadow misty moss oak olive opal pearl peach penny pepper pike pine poppy primrose raine
    reed river robin rocky rose rowan royal ruby rusty saffron sage sandy sapphire scarlet
    sienna silver sky snow star stone storm summer sunny swift thorn topaz velvet violet west
    willow winter wood wren
    """
)

ANIMALS = listed(
    """
    adder ant ape badger bat bear beaver bee beetle bird bison boar buffalo bull bunny butterfly
    calf camel cat chick cobra cod cow crab crane crow cub deer dingo dog dolphin donkey dove
    dragon duck eagle eel elephant elk falcon ferret finch fish fly fox frog gnat goat goose
    gorilla grouse gull hamster hare hawk hedgehog hen heron hippo hornet horse hound hyena
    jackal jaguar jay kestrel kid kitten kiwi koala lamb lark leopard lion lizard llama lobster
    lynx magpie mare mink mole monkey moose moth mouse mule newt octopus orca ostrich otter owl
    ox oyster panda panther parrot peacock pelican penguin pig pigeon pony puffin pup puppy
    quail rabbit ram rat raven rhino robin rook salmon seal shark sheep shrimp skunk slug snail
    snake spider squid squirrel stag starling stork swallow swan teal tiger toad trout turkey
    turtle viper vulture wasp weasel whale wolf wombat worm wren yak zebra
    """
)

# Bodies, weight, ability, family, care, loss, wealth, dirt and temper.
UNKIND = listed(
    """
    bald bare bent big bitter black blank blind blue blunt body bone bright broken broad brown
    cheap clever cold crooked cracked cry curly cute daddy damp dark dead deaf dense dim dirty
    dizzy drab dry dull dumb dusty empty fair faded fast fat fatherly fierce flabby flat foster
    foul fragile frail freckled gaunt ghost grave gross grubby hairy hard heavy hidden hollow
    home hungry lame lanky large last lazy lean lonely loose lost lumpy mad messy motherly muddy
    mum nest odd old orphan pale plain plump poor proud quick raw rich rotten rough rude sad
    scruffy shabby shady sharp short shy sick silly skinny slim slow sly small smart smelly soft
    sour spare spotty stale stiff stray strange stunted tall tame tatty thick thin tiny torn
    tough twisted ugly unwanted weak weary white wicked wild wise wrinkled young cabbage cuckoo
    drip dummy fruitcake nut pansy plank pudding sieve spanner stool suitcase tool vegetable
    """
)

# Words that another word, or a name, is heard as.
HOMOPHONES = listed(
    """
    barmy balmy beech boulder canvas ceiling cymbal dear desert dessert flour flower gait gate
    geyser guilded gilded great grater hair khaki knot leaf leek made maroon mail mauled medal
    metal mettle morning muslin mustard pail pain pair palate pallet pane pare peace pear pedal
    peal peer pier pleated plum plumb polar quartz red root route sail satin seed sew soul sole
    stair steel tail tide waist waste weather whale
    """
)


def distance(one: str, other: str) -> int:
    """Letters to add, drop or change to make one word of the other."""
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, start=1):
        above, row = row, [count]
        for place, against in enumerate(other):
            row.append(
                min(above[place + 1] + 1, row[place] + 1, above[place] + (letter != against))
            )
    return row[-1]


def test_the_lists_are_large_plain_and_apart() -> None:
    first, second = load_word_lists()
    assert min(len(first), len(second)) >= 140
    words = [*first, *second]
    assert len(set(words)) == len(words)
    assert all(re.fullmatch(r"[a-z]{3,13}", word) for word in words)


def test_no_word_is_a_name() -> None:
    faker = {name.lower() for name in (*British.first_names, *British.last_names)}
    assert len(faker) > 800
    names = faker | NAMES
    assert not names.intersection(itertools.chain(*load_word_lists()))
    # the control: a list with a name in it is caught
    assert names & {"amber", "copper"} == {"amber"}


def test_no_word_is_an_animal_or_unkind() -> None:
    words = set(itertools.chain(*load_word_lists()))
    assert not words & ANIMALS
    assert not words & UNKIND


def test_no_word_is_heard_or_misread_as_another() -> None:
    for words in load_word_lists():
        assert not HOMOPHONES & set(words)
        close = [pair for pair in itertools.combinations(words, 2) if distance(*pair) < 3]
        assert close == []


def test_distance_counts_letters() -> None:
    assert [distance("candle", other) for other in ("candle", "handle", "sandal", "")] == [
        0,
        1,
        3,
        6,
    ]


def test_a_thousand_pseudonyms_are_all_different() -> None:
    rng = random.SystemRandom()
    pupil_ids: set[str] = set()
    handles: set[str] = set()
    for _ in range(1000):
        pupil_ids.add(generate_pupil_id(rng, pupil_ids))
        handles.add(generate_handle(rng, handles))
    assert (len(pupil_ids), len(handles)) == (1000, 1000)
    assert all(re.fullmatch(f"[{ALPHABET}]{{10}}", pupil_id) for pupil_id in pupil_ids)
    first, second = map(set, load_word_lists())
    for handle in handles:
        one, other = handle.split(" ")
        assert one in first
        assert other in second


def test_a_small_school_has_no_two_handles_with_a_word_in_common() -> None:
    rng, handles = random.Random(3), set[str]()
    for _ in range(60):
        handles.add(generate_handle(rng, handles))
    words = [word for handle in handles for word in handle.split()]
    assert len(set(words)) == 120


def test_every_handle_can_be_drawn_and_then_no_more() -> None:
    """Only one pair is left, and it is found; then there is none."""
    first, second = load_word_lists()
    every = {f"{one} {other}" for one, other in itertools.product(first, second)}
    last = f"{first[5]} {second[9]}"
    assert generate_handle(random.Random(1), every - {last}) == last
    with pytest.raises(ValueError, match="more words"):
        generate_handle(random.Random(1), every)


def test_a_taken_pupil_id_is_drawn_again() -> None:
    taken = generate_pupil_id(random.Random(1), ())
    assert generate_pupil_id(random.Random(1), {taken}) != taken
